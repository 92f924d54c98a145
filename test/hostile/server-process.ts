/** Hostile servers in a process of their own, so that the memory of the process that talks to them is its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { behaviours } from './behaviours.ts';
import { HostileServer } from './server.ts';

/** A server to be tried: its port on loopback. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

type Request = { readonly start: string; readonly tickMs: number } | { readonly stop: number };

/** The process; `start` has it start the server that behaves as the behaviour of this name. */
export class ServerProcess implements Disposable {
  readonly #child: ChildProcess = fork(import.meta.filename, { execArgv: process.execArgv });
  readonly #waiting = new Map<string, (port: number) => void>();

  constructor() {
    this.#child.on('message', ({ name, port }: { name: string; port: number }) =>
      this.#waiting.get(name)?.(port),
    );
    this.#child.once('exit', (code) => {
      if (code !== null && code !== 0) throw new Error(`The process of the servers ended with ${code}`);
    });
  }

  async start(name: string, tickMs: number): Promise<Listening> {
    const port = await new Promise<number>((resolve) => {
      this.#waiting.set(name, resolve);
      this.#ask({ start: name, tickMs });
    });
    return { port, [Symbol.asyncDispose]: async () => this.#ask({ stop: port }) };
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }

  #ask(request: Request): void {
    this.#child.send(request);
  }
}

/** What the process does. */
function serve(): void {
  const servers = new Map<number, HostileServer>();
  process.on('message', async (request: Request) => {
    if ('stop' in request) {
      await servers.get(request.stop)?.[Symbol.asyncDispose]();
      servers.delete(request.stop);
      return;
    }
    const behaviour = behaviours.find(({ name }) => name === request.start);
    if (!behaviour) throw new Error(`No server behaves like this: ${request.start}`);
    const server = await HostileServer.start(behaviour, request.tickMs);
    servers.set(server.port, server);
    process.send?.({ name: request.start, port: server.port });
  });
}

if (process.argv[1] === import.meta.filename) serve();
