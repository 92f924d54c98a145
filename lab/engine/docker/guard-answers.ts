import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { hasShape } from './answer-shapes.ts';

/** The most bytes of an answer that is not a stream, and the longest silence of the engine, in milliseconds. */
const mostAnswered = 64 * 1024 * 1024;
const silentAtMost = 180_000;

/** How often the size of an answer is checked, in milliseconds. */
const lookEvery = 20;

/** The part of dockerode's modem that every request goes through; it has no types. */
export interface Modem {
  protocol: string;
  buildRequest(
    options: { readonly path?: string; readonly method?: string },
    context: { readonly isStream?: boolean; readonly hijack?: boolean; readonly openStdin?: boolean },
    data: unknown,
    callback: (error: unknown, answer?: unknown) => void,
  ): void;
}

/**
 * Limits an engine's answers: an answer that never ends, never comes, or does not have the shape of the Docker Engine API
 * becomes the request's error. Streams, which may last, are left alone.
 */
export function guardAnswers(modem: Modem): void {
  const build = modem.buildRequest.bind(modem);
  const agent = modem.protocol === 'https' ? new HttpsAgent() : new HttpAgent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = connect(...args);
    if (socket) watch(socket as Socket);
    return socket;
  };
  modem.buildRequest = (options, context, data, callback) => {
    if (context.isStream || context.hijack || context.openStdin)
      return build(options, context, data, callback);
    build({ ...options, agent } as typeof options, context, data, (error, answer) => {
      if (error || hasShape(options, answer)) callback(error, answer);
      else callback(new Error('what answers does not speak the Docker Engine API'));
    });
  };
}

function watch(socket: Socket): void {
  const looking = setInterval(() => {
    if (socket.bytesRead > mostAnswered)
      socket.destroy(new Error(`its answer does not end: more than ${mostAnswered / 2 ** 20} MiB came`));
  }, lookEvery);
  socket.setTimeout(silentAtMost, () =>
    socket.destroy(new Error(`the Docker engine has said nothing for ${silentAtMost / 1000} s`)),
  );
  socket.once('close', () => clearInterval(looking));
}
