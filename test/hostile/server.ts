import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';

/** Where files of a server that behaves lie; shared by the sessions of one server. */
type Files = Map<string, Buffer>;

/** What the hostile server has open. */
interface Circumstances {
  readonly behaviour: Behaviour;
  readonly files: Files;
  /** Between two bytes of a server that dribbles, in milliseconds. */
  readonly tickMs: number;
  /** Aborts when the server is disposed of. */
  readonly over: AbortSignal;
  keep(socket: Socket): Socket;
}

/** One control connection, as a behaviour sees it. */
export class Peer {
  /** The argument of the former PASS, to be given away. */
  password = '';
  /** The address that active data connections come from. */
  callsFrom = '127.0.0.1';
  #passive: Server | undefined;
  #data: Promise<Socket> | undefined;
  #call: (() => Promise<Socket>) | undefined;

  constructor(
    readonly socket: Socket,
    readonly circumstances: Circumstances,
  ) {}

  /** Says a line. */
  say(line: string): void {
    this.write(`${line}\r\n`);
  }

  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Ends the connection with a FIN. */
  close(): void {
    this.socket.end();
  }

  /** Ends the connection with a RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Writes without end, as fast as the other side reads or once in so many milliseconds. */
  flood(bytes: string | Uint8Array, to: Socket = this.socket, everyMs = 0): Promise<void> {
    return new Promise((resolve) => {
      const more = () => {
        if (to.destroyed || this.circumstances.over.aborted) return resolve();
        to.write(bytes, () => (everyMs > 0 ? setTimeout(more, everyMs) : setImmediate(more)));
      };
      more();
    });
  }

  /** Writes a byte a tick, then goes on with `text` from its start. */
  async dribble(text: string, to: Socket = this.socket): Promise<void> {
    for (let at = 0; !to.destroyed && !this.circumstances.over.aborted; at++) {
      to.write(text[at % text.length] ?? '');
      await pause(this.circumstances.tickMs, undefined, { signal: this.circumstances.over });
    }
  }

  /** The data connection that was agreed on last; a server that calls does so at the first question. */
  data(): Promise<Socket> {
    this.#data ??= this.#call?.() ?? Promise.reject(new Error('no data connection was agreed on'));
    return this.#data;
  }

  /** Listens for a data connection and resolves with its port. */
  async listen(): Promise<number> {
    this.#passive?.close();
    const server = createServer();
    this.#passive = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#data = once(server, 'connection').then(([socket]) => {
      server.close();
      return this.circumstances.keep(socket as Socket);
    });
    this.#data.catch(() => undefined);
    this.circumstances.over.addEventListener('abort', () => server.close());
    return (server.address() as { port: number }).port;
  }

  /** Stops listening for the data connection. */
  stopListening(): void {
    this.#passive?.close();
  }

  /** Takes note of whom to call for the data connection. */
  callBack(host: string, port: number): void {
    this.#data = undefined;
    this.#call = async () => {
      const socket = this.circumstances.keep(connect({ host, port, localAddress: this.callsFrom }));
      await once(socket, 'connect');
      return socket;
    };
  }

  /** What a server that behaves does with a transfer command. */
  async transfer(verb: string, file: string): Promise<void> {
    const { files } = this.circumstances;
    this.say('150 here it comes');
    const data = await this.data();
    if (verb === 'STOR') files.set(file, await received(data));
    else await sent(data, verb === 'RETR' ? (files.get(file) ?? Buffer.alloc(0)) : Buffer.from(listing));
    this.say('226 done');
  }
}

/** What a folder with one file looks like. */
export const listing = '-rw-r--r-- 1 bob bob 5 Nov 26 03:00 readme.txt\r\n';

/** Everything that comes over a data connection. */
export async function received(data: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of data) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Sends everything and closes the data connection. */
export async function sent(data: Socket, content: Buffer): Promise<void> {
  data.resume().end(content);
  await once(data, 'close');
}

/**
 * An FTP server on loopback with one way of being hostile; in everything else it behaves. It serves any number of sessions,
 * with a folder in memory that they share.
 */
export class HostileServer implements AsyncDisposable {
  readonly #control: Server;
  readonly #sockets = new Set<Socket>();
  readonly #over = new AbortController();
  /** What is on the server. */
  readonly files: Files = new Map();
  /** The verbs of all commands, in order. */
  readonly heard: string[] = [];

  static async start(behaviour: Behaviour, tickMs = 1000): Promise<HostileServer> {
    const server = new HostileServer(behaviour, tickMs);
    server.#control.listen(0, '127.0.0.1');
    await once(server.#control, 'listening');
    return server;
  }

  private constructor(behaviour: Behaviour, tickMs: number) {
    const circumstances: Circumstances = {
      behaviour,
      files: this.files,
      tickMs,
      over: this.#over.signal,
      keep: (socket) => this.#keep(socket),
    };
    this.#control = createServer((socket) => {
      const peer = new Peer(this.#keep(socket), circumstances);
      if (behaviour.greeting === undefined) peer.say('220 ready');
      else act(behaviour.greeting, peer, '');
      let unfinished = '';
      socket.on('data', (text) => {
        const lines = (unfinished + text).split('\r\n');
        unfinished = lines.pop() ?? '';
        for (const line of lines) this.#answer(peer, line);
      });
    });
  }

  get port(): number {
    return (this.#control.address() as { port: number }).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const socket of this.#sockets) socket.destroy();
    this.#control.close();
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }

  #answer(peer: Peer, line: string): void {
    const [verb = '', ...rest] = line.split(' ');
    const argument = rest.join(' ');
    this.heard.push(verb);
    if (verb === 'PASS') peer.password = argument;
    if (verb === 'PORT' || verb === 'EPRT') takeNote(peer, verb, argument);
    const { on = {} } = peer.circumstances.behaviour;
    act(on[verb] ?? on.any ?? usual[verb] ?? '200 ok', peer, argument);
  }
}

/** A line to be said, or what to do; what it rejects with is no more than a connection that the other side has ended. */
export type Act = string | ((peer: Peer, argument: string) => unknown);

function act(what: Act, peer: Peer, argument: string): void {
  if (typeof what === 'string') peer.say(what);
  else
    Promise.resolve()
      .then(() => what(peer, argument))
      .catch(() => undefined);
}

/** RFC 959 section 4.1.2, RFC 2428 section 2. */
function takeNote(peer: Peer, verb: string, argument: string): void {
  const words = argument.split(verb === 'PORT' ? ',' : '|');
  const port = verb === 'PORT' ? Number(words[4]) * 256 + Number(words[5]) : Number(words[3]);
  peer.callBack('127.0.0.1', port);
}

/** What a server that behaves answers. */
const usual: Readonly<Record<string, Act>> = {
  USER: '331 password',
  PASS: '230 welcome',
  FEAT: '211 no features',
  QUIT: '221 bye',
  PASV: async (peer) => {
    const port = await peer.listen();
    peer.say(`227 ok (127,0,0,1,${port >> 8},${port & 255})`);
  },
  EPSV: async (peer) => peer.say(`229 ok (|||${await peer.listen()}|)`),
  LIST: (peer) => peer.transfer('LIST', ''),
  STOR: (peer, file) => peer.transfer('STOR', file),
  RETR: (peer, file) => peer.transfer('RETR', file),
  DELE: (peer, file) => peer.say(peer.circumstances.files.delete(file) ? '250 gone' : '550 no such file'),
  SIZE: (peer, file) => peer.say(peer.circumstances.files.has(file) ? '213 1' : '550 no such file'),
};
