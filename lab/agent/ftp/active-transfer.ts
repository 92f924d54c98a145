import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { FTPContext, FTPResponse } from 'basic-ftp';
import type { Endpoint } from '../../model/attempt.ts';
import { endpointOf, portOf } from '../../model/endpoint.ts';
import { familyOf } from '../../network/family.ts';
import { StepFailure } from './ftp-session.ts';
import { timeout } from './guarded-client.ts';

/*
 * Active mode (RFC 959 section 3.2, RFC 2428 section 2) beside basic-ftp, which has none: the client listens, names its
 * endpoint in PORT or EPRT, sends the transfer command, and the server connects. Its transfer hook runs before the
 * command and so cannot wait for a connection that the command causes.
 */

/**
 * `PORT h1,h2,h3,h4,p1,p2` or `EPRT |1|address|port|` for an endpoint of the client; |2| for an IPv6 address. PORT cannot name one of
 * those: a client that knows no better names its IPv4 address.
 */
export function activeCommand(mode: 'port' | 'eprt', address: string, port: number): string {
  const isIPv6 = familyOf(address) === 'ipv6';
  if (mode === 'eprt') return `EPRT |${isIPv6 ? 2 : 1}|${address}|${port}|`;
  return `PORT ${(isIPv6 ? ipv4Address() : address).replaceAll('.', ',')},${port >> 8},${port & 255}`;
}

/** This host's own. */
function ipv4Address(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** TLS over an accepted data connection: the FTP client is the TLS client whoever connected (RFC 4217 section 7). */
function encrypted(ftp: FTPContext, socket: Socket): TLSSocket {
  const session = ftp.tlsSessionStore ?? (ftp.socket as TLSSocket).getSession();
  const data = connectTls({ ...ftp.tlsOptions, socket, ...(session ? { session } : {}) });
  // TLS 1.3 tickets serve once (RFC 8446 section C.4).
  return data.on('session', (ticket) => {
    ftp.tlsSessionStore = ticket;
  });
}

/** A listening data endpoint. `connection` rejects on {@link ActiveListener.giveUp}; closing ends everything. */
export class ActiveListener {
  readonly #server: Server;
  readonly #accepted: Socket[] = [];
  readonly #giveUp = new AbortController();
  readonly connection: Promise<Socket>;

  private constructor(
    server: Server,
    readonly endpoint: Endpoint,
  ) {
    this.#server = server;
    // Anybody may connect, any number of times: an error matters only to the transfer, if there is one by then.
    server.on('connection', (socket) => this.#accepted.push(socket.on('error', () => undefined)));
    this.connection = once(server, 'connection', { signal: this.#giveUp.signal }).then(
      ([socket]) => socket as Socket,
      () => {
        throw this.#giveUp.signal.reason;
      },
    );
    this.connection.catch(() => undefined);
  }

  static async listen(address: string): Promise<ActiveListener> {
    const server = createServer();
    server.listen({ host: address, port: 0, backlog: 1 });
    await once(server, 'listening');
    const bound = server.address() as { port: number };
    return new ActiveListener(server, endpointOf(address, bound.port));
  }

  get port(): number {
    return Number(portOf(this.endpoint));
  }

  giveUp(reason: Error): void {
    this.#giveUp.abort(reason);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#accepted) socket.destroy();
  }
}

/**
 * Runs one transfer command over the connection that a listener accepts, as {@link transfer}. Rejects with a failure
 * `data-unanswered` if none came within `patienceMs`.
 */
export async function activeTransfer(
  ftp: FTPContext,
  listener: ActiveListener,
  command: string,
  move: Move,
  patienceMs: number,
): Promise<FTPResponse> {
  const timer = setTimeout(
    () =>
      listener.giveUp(
        new StepFailure('data-unanswered', `${timeout}: no data connection within ${patienceMs} ms`),
      ),
    patienceMs,
  );
  const connection = listener.connection.then(
    (socket) => {
      clearTimeout(timer);
      ftp.dataSocket = ftp.hasTLS ? encrypted(ftp, socket) : socket;
    },
    // A server that is still connecting reads no commands, so this control connection is lost.
    (reason) => ftp.closeWithError(reason),
  );
  return transfer(ftp, connection, command, move, patienceMs).finally(() => clearTimeout(timer));
}

/** Where the data of a transfer comes from or goes to. */
export type Move = { readonly from: Readable } | { readonly to: Writable };

/**
 * Runs one transfer command over the context's data connection, once `ready` says that it is there: resolves with the
 * completion reply once the data has all been moved and the server has confirmed it. Rejects with FTPError for a refusal,
 * and with the error of whichever socket fails.
 */
export async function transfer(
  ftp: FTPContext,
  ready: Promise<void>,
  command: string,
  move: Move,
  patienceMs: number,
): Promise<FTPResponse> {
  let completion: FTPResponse | undefined;
  let begun = false;
  let moved = false;
  const moveData = async (): Promise<void> => {
    await ready;
    const { dataSocket } = ftp;
    if (!dataSocket) return;
    // From here on the data connection is watched; the control connection may be idle.
    ftp.socket.setTimeout(0);
    dataSocket.setTimeout(patienceMs);
    await ('from' in move ? pipeline(move.from, dataSocket) : pipeline(dataSocket, move.to));
    dataSocket.setTimeout(0);
    ftp.socket.setTimeout(patienceMs);
    moved = true;
  };
  return await ftp.handle(command, (response, task) => {
    const finish = () => {
      if (!moved || !completion) return;
      ftp.dataSocket = undefined;
      task.resolve(completion);
    };
    if (response instanceof Error) return task.reject(response);
    if (response.code >= 200) {
      completion = response;
      return finish();
    }
    if (begun) return;
    begun = true;
    // A late reply to this transfer must not be taken for the answer to the next command.
    moveData().then(finish, (error) => ftp.closeWithError(error));
  });
}
