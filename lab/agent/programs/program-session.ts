import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConnectionAttempt,
  type ProgramOutput,
  type StepName,
  stoppedWaiting,
  type TranscriptLine,
} from '../../model/attempt.ts';
import { contentMismatch, type FtpSession, StepFailure } from '../ftp/ftp-session.ts';
import type { AttemptOrder } from '../protocol.ts';
import type { Job, Program } from './client-program.ts';
import { ProgramRun } from './program-run.ts';

/** What libc and Python say of a connection that was refused (strerror(3), ECONNREFUSED). */
const refusal = /Connection refused/;

/**
 * An attempt by an external program: one run for each transfer, each with its own session, as on a command line. The first
 * run, which lists, also stands for the connect and login steps.
 */
export class ProgramSession implements FtpSession {
  readonly transcript: TranscriptLine[] = [];
  program: ProgramOutput | null = null;
  readonly #program: Program;
  readonly #order: AttemptOrder;
  readonly #announce: (connection: ConnectionAttempt) => void;
  readonly #now: () => number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ftplab-'));
  /** What was stored, by name. */
  readonly #contents = new Map<string, Buffer>();
  #step: StepName = 'connect';
  #run: ProgramRun | undefined;

  constructor(
    program: Program,
    order: AttemptOrder,
    announce: (connection: ConnectionAttempt) => void,
    now: () => number,
  ) {
    this.#program = program;
    this.#order = order;
    this.#announce = announce;
    this.#now = now;
  }

  begin(step: StepName): void {
    this.#step = step;
    this.program = null;
  }

  get connection(): ConnectionAttempt | null {
    return this.#run?.connections.get(this.#step) ?? null;
  }

  async connect(): Promise<string> {
    const run = this.#start({ do: 'list' });
    await run.until(({ greeting }) => greeting !== null);
    return run.dialogue.greeting ?? this.#failed(run);
  }

  async login(): Promise<string> {
    const run = this.#running();
    await run.until(({ welcome }) => welcome !== null);
    return run.dialogue.welcome ?? this.#failed(run);
  }

  list(): Promise<string> {
    return this.#completed(this.#running());
  }

  store(file: string, content: Buffer): Promise<string> {
    this.#contents.set(file, content);
    writeFileSync(join(this.#folder, file), content);
    return this.#completed(this.#start({ do: 'store', file }));
  }

  async retrieve(file: string, bytes: number): Promise<string> {
    const path = join(this.#folder, file);
    rmSync(path, { force: true });
    const reply = await this.#completed(this.#start({ do: 'retrieve', file }));
    const received = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const wanted = this.#contents.get(file) ?? received;
    if (received.length !== bytes || !received.equals(wanted)) throw contentMismatch(received.length, bytes);
    return reply;
  }

  failureOf(error: unknown): StepFailure {
    return error instanceof StepFailure ? error : new StepFailure('other', String(error));
  }

  stopWaiting(connection: ConnectionAttempt, stands: boolean): void {
    this.#run?.stopWaiting(connection, stands, stoppedWaiting);
  }

  close(): void {
    this.#run?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(job: Job): ProgramRun {
    const step = this.#step;
    this.#run = new ProgramRun(this.#program, this.#order, job, this.#folder, {
      control: (line) => this.transcript.push({ ...line, ms: this.#now() }),
      stepOf: (purpose) => (job.do !== 'list' ? step : purpose === 'control' ? 'connect' : 'list'),
      announce: this.#announce,
    });
    return this.#run;
  }

  #running(): ProgramRun {
    if (!this.#run) throw new Error('The program has not been started');
    return this.#run;
  }

  async #completed(run: ProgramRun): Promise<string> {
    await run.ended;
    const { status, dialogue } = run;
    return status === 0 && dialogue.completion !== null ? dialogue.completion : this.#failed(run);
  }

  async #failed(run: ProgramRun): Promise<never> {
    await run.ended;
    const { printed, status, cutShort } = run;
    this.program = { printed, status, cutShort: cutShort !== null };
    const gaveUp = cutShort !== null || /timed out/i.test(printed);
    const { failure, code, reply } = run.dialogue.failure({ refused: refusal.test(run.log), gaveUp });
    throw new StepFailure(failure, reply ?? cutShort ?? lastLine(printed), code);
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
