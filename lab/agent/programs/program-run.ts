import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ConnectionAttempt, Endpoint, StepName, TranscriptLine } from '../../model/attempt.ts';
import { addressOf, endpointOf } from '../../model/endpoint.ts';
import { familyOf } from '../../network/family.ts';
import type { Conversation } from '../ftp/conversation.ts';
import type { AttemptOrder } from '../protocol.ts';
import type { Job, OutputLine, Program } from './client-program.ts';
import { SocketWatch } from './socket-table.ts';

/** How often the program's sockets are read, in milliseconds; they are also read whenever it says something. */
const lookEvery = 10;

/** How long a program may take to do something else after one of its waits was ended, in milliseconds. */
const reactsWithin = 1500;

/** The most that one run of a program may say, in bytes, and the most time that it may take, in multiples of its patience. */
const mostSaid = 2 ** 20;
const mostPatiences = 3;

/** What libc says of a connection that could not be opened (strerror(3)), or that the lab ended (ss(8), --kill). */
const connectFailed =
  /Connection refused|Connection timed out|No route to host|Network is unreachable|Software caused connection abort/;

/** What lftp logs before it waits and then tries the same again. */
const willRetry = /reconnecting/;

/** Why the lab ends a program that would retry for ever. */
const retries = 'the connection failed; it would try the same again and again';

/** Programs that end with this process: nobody else reads their output. */
const alive = new Set<{ kill(signal: 'SIGKILL'): boolean }>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export interface RunListeners {
  control(line: Pick<TranscriptLine, 'from' | 'text'>): void;
  /** The step that a connection is for. */
  stepOf(purpose: ConnectionAttempt['purpose']): StepName;
  /** Called once for each connection, as soon as the program's own socket shows where it comes from. */
  announce(connection: ConnectionAttempt): void;
}

/**
 * One run of a client program: its log is read as it comes, and its own sockets show which connections are its own
 * (proc(5)), so runs side by side are never confused.
 */
export class ProgramRun {
  readonly dialogue: Conversation;
  /** Resolves when the program has ended and everything that it said has been read. */
  readonly ended: Promise<void>;
  /** The connection that each step waits for or used last. */
  readonly connections = new Map<StepName, ConnectionAttempt>();
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #read: (line: string) => OutputLine;
  readonly #listeners: RunListeners;
  /** Where its control connection may go to, in the order in which it tries them. */
  readonly #controls: readonly Endpoint[];
  readonly #patienceMs: number;
  readonly #looking: NodeJS.Timeout;
  readonly #sockets: SocketWatch | undefined;
  /** Where the program's own connections go. */
  readonly #called = new Set<Endpoint>();
  readonly #waiters = new Set<() => void>();
  readonly #deadline: NodeJS.Timeout;
  #silence: NodeJS.Timeout | undefined;
  #reacting = false;
  readonly #reached = new Set<Endpoint>();
  #retries = 0;
  #awaited: ConnectionAttempt | undefined;
  #announced = true;
  /** The connections that the listener was told of. */
  readonly #told = new Set<ConnectionAttempt>();
  #over = false;
  /** What the program showed its user. */
  printed = '';
  /** Everything that it wrote since its last connection attempt, also what it only logged. */
  log = '';
  status: number | null = null;
  /** Why the lab ended one of the program's waits, if it did. */
  cutShort: string | null = null;

  /** `folder`: the program's working folder. */
  constructor(program: Program, order: AttemptOrder, job: Job, folder: string, listeners: RunListeners) {
    this.#read = program.reader();
    this.#listeners = listeners;
    const { addresses = [order.host], port } = order;
    const proxy = program.peerOf?.(order);
    this.#controls = proxy === undefined ? addresses.map((one) => endpointOf(one, port)) : [proxy];
    this.#patienceMs = order.patienceMs;
    this.dialogue = program.conversation(order);
    const { command, input } = program.invocation(order, job);
    // One descriptor for both outputs, so that they keep the order in which a terminal shows them.
    this.#child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...command], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    alive.add(this.#child);
    this.#sockets =
      this.#child.pid === undefined
        ? undefined
        : new SocketWatch(this.#child.pid, familyOf(addresses[0] ?? ''));
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.end(input ?? '');
    let said = 0;
    this.#child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.length;
      if (said > mostSaid) this.#end(`it said more than ${mostSaid} bytes`);
    });
    const ms = order.patienceMs * mostPatiences;
    this.#deadline = setTimeout(() => this.#end(`not done after ${ms} ms`), ms);
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => this.#line(line));
    this.#looking = setInterval(() => this.#look(), lookEvery);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (status) => {
        alive.delete(this.#child);
        this.status = status;
        this.#settle();
        resolve();
      });
    });
    this.#expect('control', 'client', this.#controls[0] ?? '');
    this.#awaitSign();
  }

  /** Resolves when `reached` holds for the dialogue, or when the program has ended. */
  until(reached: (dialogue: Conversation) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!this.#over && !reached(this.dialogue)) return;
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }

  /**
   * Ends the wait for a connection of this run. If the program opened it, it fails in the kernel, and the program
   * goes on with whatever it tries next. If the server should open it, or if it `stands` and data should come,
   * nothing can fail there, so the program is ended.
   */
  stopWaiting(connection: ConnectionAttempt, stands: boolean, reason: string): void {
    const awaited = this.#awaited;
    if (this.#over || !awaited || !this.#told.has(connection)) return;
    const { destination } = connection;
    if (
      (stands && this.#controls.includes(destination)) ||
      (destination === awaited.destination && (stands || awaited.openedBy === 'server'))
    ) {
      this.#end(reason);
      return;
    }
    if (destination !== awaited.destination) return;
    this.cutShort ??= reason;
    const { source } = awaited;
    const filter = ['dst', destination, ...(source ? ['src', source] : [])];
    execFile('ss', ['--kill', '--tcp', 'state', 'syn-sent', ...filter], () => undefined);
    this.#awaitReaction(reason);
  }

  /** Ends the program if it still runs. */
  close(): void {
    this.#end('the session was closed');
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.cutShort ??= reason;
    this.#settle();
    this.#child.kill('SIGKILL');
  }

  #settle(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#looking);
    clearTimeout(this.#silence);
    clearTimeout(this.#deadline);
    this.#announce();
    for (const check of this.#waiters) check();
  }

  /** From now on the program may be silent for as long as the order's patience. */
  #awaitSign(): void {
    clearTimeout(this.#silence);
    this.#reacting = false;
    const ms = this.#patienceMs;
    this.#silence = setTimeout(() => this.#end(`no answer within ${ms} ms`), ms);
  }

  /** Its connection attempt has failed: if it stays silent, it is pausing before it tries the same again. */
  #awaitReaction(reason: string): void {
    clearTimeout(this.#silence);
    this.#reacting = true;
    this.#silence = setTimeout(() => this.#end(reason), reactsWithin);
  }

  #line(line: string): void {
    if (this.#over) return;
    const { control, shown } = this.#read(line);
    // What it sends now may be its QUIT; an answer means that it goes on.
    const failed = connectFailed.test(line);
    if (failed) this.#awaitReaction(retries);
    else if (!this.#reacting || control?.from === 'server') this.#awaitSign();
    if (shown) this.printed += `${line}\n`;
    this.log += `${line}\n`;
    if (failed && willRetry.test(line) && !this.#turnsToNextAddress()) this.#end(retries);
    if (control) this.#hear(control);
    this.#look();
    for (const check of this.#waiters) check();
  }

  /**
   * Of a name with several addresses it tries the next one if the control connection fails, and only then. By its log, which its sockets
   * may be ahead of.
   */
  #turnsToNextAddress(): boolean {
    return this.dialogue.agreed === null && ++this.#retries < this.#controls.length;
  }

  #hear({ from, text }: Pick<TranscriptLine, 'from' | 'text'>): void {
    const { dialogue } = this;
    for (const single of text.split('\n')) {
      const before = dialogue.agreed;
      const line = { from, text: single.replace(/^PASS .*/, 'PASS ###') };
      dialogue.hear(line);
      if (dialogue.repeats) {
        this.#end(retries);
        return;
      }
      this.#listeners.control(line);
      const { agreed } = dialogue;
      if (agreed && agreed !== before) this.#expect('data', agreed.openedBy, agreed.destination);
    }
  }

  #expect(
    purpose: ConnectionAttempt['purpose'],
    openedBy: ConnectionAttempt['openedBy'],
    to: Endpoint,
  ): void {
    // Its socket, and even the next one, may have been seen before the line about it was read.
    if (this.#called.has(to)) return;
    this.#announce();
    this.#announced = false;
    this.log = '';
    this.#learn({ purpose, openedBy, source: null, destination: to });
    if (openedBy === 'server') this.#announce();
  }

  #learn(connection: Omit<ConnectionAttempt, 'step'>): void {
    this.#awaited = { ...connection, step: this.#listeners.stepOf(connection.purpose) };
    this.connections.set(this.#awaited.step, this.#awaited);
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    if (!this.#awaited) return;
    this.#told.add(this.#awaited);
    this.#listeners.announce(this.#awaited);
  }

  /** Notes the connections that the program has opened since the last look. */
  #look(): void {
    if (this.#over) return;
    for (const { local, remote, state } of this.#sockets?.news() ?? []) {
      if (state === 'other') continue;
      const purpose = this.#controls.includes(remote) ? 'control' : 'data';
      const awaited = this.#awaited;
      if (awaited?.openedBy === 'server' && local === awaited.destination) continue;
      this.#called.add(remote);
      if (purpose === 'control') {
        if (this.#reached.has(remote)) {
          this.#end(retries);
          return;
        }
        this.#reached.add(remote);
        this.dialogue.reaches(addressOf(remote));
      }
      // Seen too late: the session is further on.
      if (purpose === 'control' && awaited?.purpose === 'data') continue;
      this.#announced = false;
      this.#learn({ purpose, openedBy: 'client', source: local, destination: remote });
      this.#announce();
      this.#awaitSign();
    }
  }
}
