import { Socket } from 'node:net';
import { type Endpoint, stoppedWaiting } from '../../model/attempt.ts';
import { endpointOf } from '../../model/endpoint.ts';

/**
 * Makes sockets whose connection attempts are announced as their SYN leaves, and which can be told to give up. A client
 * cannot know that a packet was dropped and would wait until its timeout; the firewall's trace shows it after milliseconds.
 */
export class WatchedSockets {
  readonly #pending = new Map<Socket, Endpoint>();

  constructor(readonly announce: (source: Endpoint, destination: Endpoint) => void) {}

  newSocket(): Socket {
    const socket = new Socket();
    const connect = socket.connect.bind(socket) as (...args: unknown[]) => Socket;
    socket.connect = ((...args: unknown[]) => {
      const { host, port } = args[0] as { host: string; port: number };
      const destination = endpointOf(host, port);
      this.#pending.set(socket, destination);
      connect(...args);
      // The kernel has chosen the source port once connect(2) was called, which Node does on the next tick.
      setImmediate(() => {
        if (socket.localAddress)
          this.announce(endpointOf(socket.localAddress, socket.localPort ?? 0), destination);
      });
      return socket;
    }) as typeof socket.connect;
    const settled = () => this.#pending.delete(socket);
    socket.once('connect', settled).once('close', settled);
    return socket;
  }

  /** Ends the attempts still waiting for `destination`. */
  stopWaiting(destination: Endpoint): void {
    for (const [socket, waitingFor] of this.#pending)
      if (waitingFor === destination)
        socket.destroy(Object.assign(new Error(stoppedWaiting), { code: 'ETIMEDOUT' }));
  }
}
