import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Replies of a scripted FTP server by verb; what is not there gets the reply of a server that agrees to everything. */
export type Script = Partial<Record<string, string>>;

/** An FTP server on loopback that speaks just enough for one client, with replies that a test replaces. */
export class ScriptedServer implements AsyncDisposable {
  readonly #control: Server;
  readonly #data: Server;
  readonly #script: Script;
  /** What came on control connections, as it came. */
  readonly segments: string[] = [];
  /** What STOR received, by file; DELE removes it. */
  readonly files = new Map<string, Buffer>();
  /** The verbs of all commands, in order. */
  readonly heard: string[] = [];
  /** What becomes of a file that was stored. */
  damage: (content: Buffer) => Buffer = (content) => content;
  readonly #sockets = new Set<Socket>();
  #passive: Promise<Socket> | undefined;
  #active: { host: string; port: number } | undefined;

  static async start(script: Script): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    for (const listener of [server.#control, server.#data]) {
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
    }
    return server;
  }

  private constructor(script: Script) {
    this.#script = script;
    this.#data = createServer();
    this.#control = createServer((socket) => {
      this.#keep(socket);
      this.#say(socket, 'greeting', '220 ready');
      let unfinished = '';
      socket.on('data', (text) => {
        this.segments.push(String(text));
        const lines = (unfinished + text).split('\r\n');
        unfinished = lines.pop() ?? '';
        for (const line of lines) void this.#answer(socket, line);
      });
    });
  }

  get port(): number {
    return (this.#control.address() as { port: number }).port;
  }

  get dataPort(): number {
    return (this.#data.address() as { port: number }).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#control.close();
    this.#data.close();
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('error', () => undefined);
  }

  #say(socket: Socket, verb: string, usual: string): boolean {
    const reply = this.#script[verb] ?? usual;
    if (reply) socket.write(`${reply}\r\n`);
    return reply === usual;
  }

  async #answer(socket: Socket, line: string): Promise<void> {
    const [verb = '', argument = ''] = line.split(' ');
    this.heard.push(verb);
    const port = `${this.dataPort >> 8},${this.dataPort & 255}`;
    switch (verb) {
      case 'USER':
        this.#say(socket, verb, '331 password');
        return;
      case 'PASS':
        this.#say(socket, verb, '230 welcome');
        return;
      case 'FEAT':
        this.#say(socket, verb, '211 no features');
        return;
      case 'PASV':
      case 'EPSV':
        this.#data.removeAllListeners('connection');
        this.#passive = once(this.#data, 'connection').then(([data]) => this.#keep(data as Socket));
        this.#say(
          socket,
          verb,
          verb === 'PASV' ? `227 ok (127,0,0,1,${port})` : `229 ok (|||${this.dataPort}|)`,
        );
        return;
      case 'PORT': {
        const numbers = argument.split(',').map(Number);
        this.#active = { host: '127.0.0.1', port: (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0) };
        this.#say(socket, verb, '200 ok');
        return;
      }
      case 'DELE':
        if (this.#say(socket, verb, this.files.has(argument) ? '250 gone' : '550 no such file'))
          this.files.delete(argument);
        return;
      case 'SIZE':
        this.#say(
          socket,
          verb,
          this.files.has(argument) ? `213 ${this.files.get(argument)?.length}` : '550 no such file',
        );
        return;
      case 'LIST':
      case 'STOR':
      case 'RETR':
        return this.#transfer(socket, verb, argument);
      default:
        this.#say(socket, verb, '200 ok');
    }
  }

  async #transfer(socket: Socket, verb: string, file: string): Promise<void> {
    if (!this.#say(socket, verb, '150 here it comes')) return;
    const data = this.#active ? this.#keep(connect(this.#active)) : await this.#passive;
    if (!data) return;
    if (verb === 'STOR') {
      const chunks: Buffer[] = [];
      for await (const chunk of data) chunks.push(chunk as Buffer);
      this.files.set(file, this.damage(Buffer.concat(chunks)));
    } else {
      data.end(verb === 'RETR' ? (this.files.get(file) ?? Buffer.alloc(100)) : '');
      await once(data, 'close');
    }
    this.#say(socket, 'complete', '226 done');
  }
}
