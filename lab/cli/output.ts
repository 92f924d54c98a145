import { printable, printableInColor } from '../printable.ts';
import type { Style } from '../report/text/style.ts';
import { wrap } from '../report/text/wrap.ts';

/** A stream that may be a terminal. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/**
 * Where a command writes to: results to standard output, everything else to standard error. Whatever is written, no byte of
 * it is an order to the terminal but the colours of reports.
 */
export class Output {
  readonly style: Style;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #closed = new Set<OutputStream>();
  readonly #goneAway = new AbortController();
  readonly #environment: NodeJS.ProcessEnv;
  /** Without progress lines. */
  quiet = false;
  /** With details. */
  verbose = false;
  /** Called before anything is written: what stands below the lines has to give way. */
  beforeLines: (() => void) | undefined;

  constructor(stdout: OutputStream, stderr: OutputStream, environment: NodeJS.ProcessEnv) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#environment = environment;
    this.style = styleOf(stdout, environment);
    // A reader that has gone (`| head`) is no error: the command finishes in silence.
    for (const stream of [stdout, stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => {
        this.#closed.add(stream);
        if (stream === stdout) this.#goneAway.abort();
        if (error.code !== 'EPIPE') throw error;
      });
  }

  /** Aborts once nobody reads standard output any more. */
  get unread(): AbortSignal {
    return this.#goneAway.signal;
  }

  /** Whether the result goes to a terminal, on which it can be drawn over. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true && this.#environment.TERM !== 'dumb';
  }

  /** A line, or lines, of the result. */
  result(text: string): void {
    this.#write(this.#stdout, `${text}\n`);
  }

  /** The result as it is, without a line feed added. */
  document(text: string): void {
    this.#write(this.#stdout, text);
  }

  /** Clears the screen, where the result goes to one (ECMA-48: ED, CUP). */
  clear(): void {
    if (this.isTerminal && !this.#closed.has(this.#stdout)) this.#stdout.write('\u001b[2J\u001b[H');
  }

  /** A line that tells what the command is doing. */
  progress(message: string): void {
    if (this.quiet) return;
    this.message(this.#fitted(message));
  }

  /** A line for people that is not the result; also printed when quiet. */
  message(text: string): void {
    this.#write(this.#stderr, `${text}\n`);
  }

  /** A line for those who want to follow everything (`--verbose`). */
  detail(text: string): void {
    if (this.verbose) this.message(this.#fitted(text));
  }

  /** Standard error, where it is a terminal on which lines can be drawn over, and wanted. */
  get terminal(): OutputStream | undefined {
    const able = this.#stderr.isTTY === true && this.#environment.TERM !== 'dumb';
    return able && !this.quiet && !this.#closed.has(this.#stderr) ? this.#stderr : undefined;
  }

  /** How progress is laid out: standard error may be another terminal than standard output, and may change its size. */
  get progressStyle(): Style {
    return styleOf(this.#stderr, this.#environment);
  }

  /** Lines that a terminal need not break. */
  #fitted(text: string): string {
    if (!this.terminal) return text;
    const { width } = this.progressStyle;
    return text
      .split('\n')
      .map((line) => wrap(line, width, '  '))
      .join('\n');
  }

  #write(stream: OutputStream, text: string): void {
    if (this.#closed.has(stream)) return;
    this.beforeLines?.();
    stream.write(styleOf(stream, this.#environment).color ? printableInColor(text) : printable(text));
  }
}

/** Widths that reports are laid out for, in columns; where nothing tells the width, 120. */
const narrowest = 60;
const widest = 200;

function styleOf(stream: OutputStream, environment: NodeJS.ProcessEnv): Style {
  return {
    width: widthOf(stream, environment),
    color: hasColor(stream, environment),
    unicode: isUtf8(environment),
  };
}

function widthOf(stream: OutputStream, environment: NodeJS.ProcessEnv): number {
  const columns = stream.isTTY ? (stream.columns ?? 0) : Number(environment.COLUMNS);
  return Math.min(widest, Math.max(narrowest, columns > 0 ? columns : 120));
}

/** The first of these variables that is set decides (locale(7)). */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** NO_COLOR (no-color.org) and a stream that is no terminal switch colour off; FORCE_COLOR switches it on. */
function hasColor(stream: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
