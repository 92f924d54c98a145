import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { FTPContext, FTPResponse } from 'basic-ftp';
import type { Endpoint } from '../../model/attempt.ts';
import { portOf } from '../../model/endpoint.ts';

/*
 * Active mode (RFC 959 section 3.2, RFC 2428 section 2) beside basic-ftp, which has none: the client listens, names its
 * endpoint in PORT or EPRT, sends the transfer command, and the server connects. Its transfer hook runs before the
 * command and so cannot wait for a connection that the command causes.
 */

/** `PORT h1,h2,h3,h4,p1,p2` or `EPRT |1|address|port|` for an endpoint of the client. */
export function activeCommand(mode: 'port' | 'eprt', address: string, port: number): string {
  return mode === 'port'
    ? `PORT ${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
    : `EPRT |1|${address}|${port}|`;
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
  readonly #giveUp = new AbortController();
  readonly connection: Promise<Socket>;

  private constructor(
    server: Server,
    readonly endpoint: Endpoint,
  ) {
    this.#server = server;
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
    return new ActiveListener(server, `${address}:${bound.port}`);
  }

  get port(): number {
    return Number(portOf(this.endpoint));
  }

  giveUp(reason: Error): void {
    this.#giveUp.abort(reason);
  }

  close(): void {
    this.#server.close();
    this.connection.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  }
}

/** Where an active transfer failed: before a data connection stood, or after. */
export class NoDataConnection extends Error {}

/**
 * Runs one transfer command over an accepted connection: resolves with the completion reply once the data has all been
 * moved and the server has confirmed it. Rejects with FTPError for a refusal and with {@link NoDataConnection} where none
 * came about within `patienceMs`.
 */
export async function activeTransfer(
  ftp: FTPContext,
  listener: ActiveListener,
  command: string,
  move: { readonly from: Readable } | { readonly to: Writable },
  patienceMs: number,
): Promise<FTPResponse> {
  const timer = setTimeout(
    () => listener.giveUp(new NoDataConnection(`no data connection within ${patienceMs} ms`)),
    patienceMs,
  );
  // A server that is still connecting reads no commands, so this control connection is of no more use.
  listener.connection.catch((reason) => ftp.closeWithError(reason));
  let completion: FTPResponse | undefined;
  let moved = false;
  try {
    return await ftp.handle(command, (response, task) => {
      const finish = () => {
        if (moved && completion) task.resolve(completion);
      };
      if (response instanceof Error) return task.reject(response);
      if (response.code >= 200) {
        completion = response;
        return finish();
      }
      listener.connection
        .then((socket) => {
          clearTimeout(timer);
          // From here on the data connection is the one to be watched; the control connection rightly is idle.
          ftp.socket.setTimeout(0);
          socket.setTimeout(patienceMs, () => socket.destroy(new Error('Timeout (data socket)')));
          const data = ftp.hasTLS ? encrypted(ftp, socket) : socket;
          return 'from' in move ? pipeline(move.from, data) : pipeline(data, move.to);
        })
        .then(
          () => {
            moved = true;
            finish();
          },
          (error) => task.reject(error),
        );
    });
  } finally {
    clearTimeout(timer);
  }
}
