import { LabError } from '../errors.ts';

/** A process in a container that is written to line by line. */
export interface Process {
  write(line: string): void;
  close(): Promise<void>;
  readonly closed: Promise<unknown>;
  stderr(): string;
}

/** How long an answer may take, in milliseconds: a pass takes a third of a second on one core. */
const patienceMs = 30_000;

/** Talks to a program that answers each line with one line, in order; lines of its own accord go to `onOther`. */
export class Conversation {
  readonly #process: Process;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  /** Rejects with LabError `prober-gone` when the program ends. */
  readonly gone: Promise<never>;
  #greeted = false;
  #ended = false;

  /**
   * Starts the program by `open`; resolves once it has said its first line, which is `greeting`. Throws LabError
   * `prober-gone` where it ends before.
   */
  static async open(
    host: string,
    open: (onLine: (line: string) => void) => Promise<Process>,
    isOther: (line: string) => boolean = () => false,
    onOther: (line: string) => void = () => undefined,
  ): Promise<{ conversation: Conversation; greeting: string }> {
    let conversation: Conversation | undefined;
    const early: string[] = [];
    const process = await open((line) => {
      if (isOther(line)) onOther(line);
      else if (conversation) conversation.#heard(line);
      else early.push(line);
    });
    conversation = new Conversation(host, process);
    try {
      const greeting = early.shift() ?? (await conversation.#answer());
      conversation.#greeted = true;
      return { conversation, greeting };
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

  /** Says a line and returns the answer. Throws LabError `prober-gone` where the program ended. */
  ask(line: string): Promise<string> {
    if (this.#ended) return Promise.reject(this.#gone());
    const answer = this.#answer();
    this.#process.write(line);
    return answer;
  }

  /** Says a line that is not answered in its turn. */
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

  #gone(why = this.#process.stderr().trim() || 'it ended'): LabError {
    if (!this.#greeted)
      return new LabError(
        'environment',
        'prober-gone',
        `The port prober of ${this.host} does not start: ${why}`,
        '"ftplab doctor" says what this machine lacks.',
      );
    return new LabError(
      'environment',
      'prober-gone',
      `The port prober of ${this.host} is gone: ${why}`,
      '"ftplab status" shows the lab, "ftplab up" repairs it.',
    );
  }
}
