import type { Names } from '../model/names.ts';
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
 * Where a command writes: results to standard output, everything else to standard error. The only escape sequences that
 * reach the terminal are the reports' colours, whatever the text contains.
 */
export class Output {
  readonly style: Style;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #closed = new Set<OutputStream>();
  readonly #goneAway = new AbortController();
  readonly #environment: NodeJS.ProcessEnv;
  /** No progress lines. */
  quiet = false;
  /** Show details. */
  verbose = false;
  /** Called before anything is written, so that what stands below the lines makes room. */
  beforeLines: (() => void) | undefined;

  constructor(stdout: OutputStream, stderr: OutputStream, environment: NodeJS.ProcessEnv) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#environment = environment;
    this.style = styleOf(stdout, environment);
    // A reader that went away (`| head`) is no error: the command finishes silently.
    for (const stream of [stdout, stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => {
        this.#closed.add(stream);
        if (stream === stdout) this.#goneAway.abort();
        if (error.code !== 'EPIPE') throw error;
      });
  }

  /** Aborts when nobody reads standard output any more. */
  get unread(): AbortSignal {
    return this.#goneAway.signal;
  }

  /** Whether the result goes to a terminal that can be redrawn. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true && this.#environment.TERM !== 'dumb';
  }

  /** The style for a result, or for what a command shows, in which hosts are called what it says. */
  styleFor({ names = {} }: { readonly names?: Names }): Style {
    return { ...this.style, names };
  }

  /** Prints one or more lines of the result. */
  result(text: string): void {
    this.#write(this.#stdout, `${text}\n`);
  }

  /** Prints the result without adding a line feed. */
  document(text: string): void {
    this.#write(this.#stdout, text);
  }

  /** Clears the screen if the result goes to a terminal (ECMA-48: ED, CUP). */
  clear(): void {
    if (this.isTerminal && !this.#closed.has(this.#stdout)) this.#stdout.write('\u001b[2J\u001b[H');
  }

  /** Prints a line about what the command is doing. */
  progress(message: string): void {
    if (this.quiet) return;
    this.message(this.#fitted(message));
  }

  /** Prints a line for people that is not part of the result; also with `--quiet`. */
  message(text: string): void {
    this.#write(this.#stderr, `${text}\n`);
  }

  /** Prints a line for those who want every detail (`--verbose`). */
  detail(text: string): void {
    if (this.verbose) this.message(this.#fitted(text));
  }

  /** Standard error, if it is a terminal that can be redrawn and progress is wanted. */
  get terminal(): OutputStream | undefined {
    const able = this.#stderr.isTTY === true && this.#environment.TERM !== 'dumb';
    return able && !this.quiet && !this.#closed.has(this.#stderr) ? this.#stderr : undefined;
  }

  /** The style of progress: standard error may be another terminal than standard output, and its size may change. */
  get progressStyle(): Style {
    return styleOf(this.#stderr, this.#environment);
  }

  /** Breaks lines so that a terminal need not. */
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

/** The width in columns for which reports are laid out; 120 if it is not known. */
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

/** NO_COLOR (no-color.org), or a stream that is no terminal, turns colour off; FORCE_COLOR turns it on. */
function hasColor(stream: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
