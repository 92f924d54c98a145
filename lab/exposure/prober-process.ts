import { LabError } from '../errors.ts';

/** A process in a container that reads lines. */
export interface Process {
  write(line: string): void;
  close(): Promise<void>;
  readonly closed: Promise<unknown>;
  stderr(): string;
}

/** How long a reply may take, in milliseconds: one pass takes a third of a second on one core. */
const patienceMs = 30_000;

/** Talks to a program that answers each line with one line, in order. Lines that answer nothing go to `onOther`. */
export class ProberProcess {
  readonly #process: Process;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  /** Rejects with LabError `prober-gone` when the program ends. */
  readonly gone: Promise<never>;
  #greeted = false;
  #ended = false;

  /**
   * Starts the program with `open`. Resolves after its first line, which becomes `greeting`. Throws LabError
   * `prober-gone` if it ends before that.
   */
  static async open(
    host: string,
    open: (onLine: (line: string) => void) => Promise<Process>,
    isOther: (line: string) => boolean = () => false,
    onOther: (line: string) => void = () => undefined,
  ): Promise<{ prober: ProberProcess; greeting: string }> {
    let prober: ProberProcess | undefined;
    const early: string[] = [];
    const process = await open((line) => {
      if (isOther(line)) onOther(line);
      else if (prober) prober.#heard(line);
      else early.push(line);
    });
    prober = new ProberProcess(host, process);
    try {
      const greeting = early.shift() ?? (await prober.#answer());
      prober.#greeted = true;
      return { prober, greeting };
    } catch (error) {
      await process.close();
      throw error;
    }
  }

  private constructor(
    readonly host: string,
    process: Process,
  ) {
    this.#process = process;
    this.gone = process.closed.then(() => {
      this.#ended = true;
      for (const { reject } of this.#waiting.splice(0)) reject(this.#gone());
      throw this.#gone();
    });
    this.gone.catch(() => undefined); // nobody may be waiting
  }

  /** Sends a line and returns the answer. Throws LabError `prober-gone` if the program ended. */
  ask(line: string): Promise<string> {
    if (this.#ended) return Promise.reject(this.#gone());
    const answer = this.#answer();
    this.#process.write(line);
    return answer;
  }

  /** Sends a line that gets no answer of its own. */
  say(line: string): void {
    if (!this.#ended) this.#process.write(line);
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(this.#gone(`it did not answer within ${patienceMs / 1000} s`)),
        patienceMs,
      );
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      this.#waiting.push({ resolve: settled(resolve), reject: settled(reject) });
    });
  }

  #heard(line: string): void {
    this.#waiting.shift()?.resolve(line);
  }

  #gone(why = this.#process.stderr().trim() || 'it exited'): LabError {
    if (!this.#greeted)
      return new LabError(
        'environment',
        'prober-gone',
        `The port prober of ${this.host} did not start: ${why}`,
        '"ftplab doctor" shows what this machine lacks.',
      );
    return new LabError(
      'environment',
      'prober-gone',
      `The port prober of ${this.host} ended: ${why}`,
      '"ftplab status" shows the lab, "ftplab up" repairs it.',
    );
  }
}
