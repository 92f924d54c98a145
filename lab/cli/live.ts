import { duration } from '../duration.ts';
import { printableInColor } from '../printable.ts';
import type { Style } from '../report/text/style.ts';
import type { Output } from './output.ts';

/** Draws the progress for a terminal with that style and that number of rows. */
export type Drawing = (style: Style, rows: number) => string;

/** The object that log-update creates. */
interface Update {
  (text: string): void;
  clear(): void;
  done(): void;
}

/** How often it is drawn, in milliseconds. */
const interval = 100;

/**
 * The part of the terminal below all lines that shows the progress and is redrawn. If standard error is no terminal, it
 * does nothing. Disposing of it clears it.
 */
export class Live implements Disposable {
  readonly #output: Output;
  readonly #update: Update | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #drawing: Drawing | undefined;

  static async on(output: Output): Promise<Live> {
    const terminal = output.terminal;
    if (!terminal) return new Live(output, undefined);
    // Loaded late: it takes longer to load than the rest of the command line.
    const { createLogUpdate } = await import('log-update');
    return new Live(output, createLogUpdate(terminal, { showCursor: true }));
  }

  private constructor(output: Output, update: Update | undefined) {
    this.#output = output;
    this.#update = update;
    if (!update) return;
    output.beforeLines = () => update.clear();
    this.#timer = setInterval(() => this.#draw(), interval).unref();
  }

  /** Shows this from now on. */
  show(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#draw();
  }

  /** Shows what the command waits for, and for how long already. */
  waitFor(what: string): void {
    const start = performance.now();
    this.show(() => `${what} ... ${duration(performance.now() - start)}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#update?.clear();
    this.#update?.done();
    this.#output.beforeLines = undefined;
  }

  #draw(): void {
    const { terminal } = this.#output;
    if (this.#update && this.#drawing && terminal)
      this.#update(printableInColor(this.#drawing(this.#output.progressStyle, (terminal.rows || 24) - 1)));
  }
}
