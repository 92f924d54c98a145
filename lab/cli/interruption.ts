import { exitStatus } from './exit-status.ts';

/** The reason for a signal that the user or the system aborted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP into an aborted signal, so that the command cleans up. A second one exits
 * at once with status 130. An uncaught error also aborts, and is kept.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #say: (message: string) => void;
  /** What a command may leave behind if it exits without cleaning up, and how to remove it; `null` for nothing. */
  leavesBehind: string | null = null;
  uncaught: { readonly error: unknown } | undefined;

  constructor(say: (message: string) => void) {
    this.#say = say;
    for (const name of signals) process.on(name, this.#interrupt);
    process.on('uncaughtException', this.#fail);
    process.on('unhandledRejection', this.#fail);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const name of signals) process.off(name, this.#interrupt);
    process.off('uncaughtException', this.#fail);
    process.off('unhandledRejection', this.#fail);
  }

  readonly #interrupt = (): void => {
    if (this.signal.aborted) {
      if (this.leavesBehind !== null) this.#say(this.leavesBehind);
      process.exit(exitStatus.interrupted);
    }
    if (this.leavesBehind !== null) this.#say('Cleaning up; press again to exit at once.');
    this.#controller.abort(new Interrupted('interrupted'));
  };

  readonly #fail = (error: unknown): void => {
    this.uncaught ??= { error };
    this.#controller.abort(error);
  };
}
