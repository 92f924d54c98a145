import type { Duplex } from 'node:stream';
import { LabError } from '../../errors.ts';
import { lineSplitter } from '../../line-splitter.ts';
import type { Engine } from './find-engine.ts';
import { demultiplexer } from './multiplexed.ts';

/** A process in a container, started once and spoken to line by line. */
export interface ExecStream {
  /** Sends one line to the process' standard input; the newline is added. Throws LabError `stream-closed` afterwards. */
  write(line: string): void;
  /** The last 4,000 characters or so that the process wrote to standard error. */
  stderr(): string;
  /** Settles when the process has ended or the connection is gone. `code` is `null` where Docker no longer knows it. */
  readonly closed: Promise<{ readonly code: number | null }>;
  /** Ends standard input and waits for the process, for a second at most; then lets go of it. */
  close(): Promise<void>;
}

const stderrKept = 4000;

/**
 * Starts a process in a running container, its standard streams attached. `onLine` gets each line of its standard
 * output as it arrives. Throws LabError `container-unavailable` where the container is gone or stopped.
 */
export async function openExec(
  engine: Engine,
  container: string,
  command: readonly string[],
  onLine: (line: string) => void,
): Promise<ExecStream> {
  const { exec, stream } = await startExec(engine, container, command, false);
  let stderr = '';
  const lines = lineSplitter(onLine);
  stream.on(
    'data',
    demultiplexer((channel, payload) => {
      if (channel === 'stdout') lines.feed(payload);
      else stderr = (stderr + payload.toString('utf8')).slice(-stderrKept);
    }),
  );
  let open = true;
  const closed = ended(stream).then(async () => {
    open = false;
    lines.end();
    return { code: await exitCode(exec) };
  });
  return {
    write(line) {
      if (!open || !stream.writable)
        throw new LabError(
          'environment',
          'stream-closed',
          `${command[0]} in ${container} has ended${stderr === '' ? '' : `: ${stderr.trim()}`}`,
        );
      stream.write(`${line}\n`);
    },
    stderr: () => stderr,
    closed,
    async close() {
      stream.end();
      const patience = setTimeout(() => stream.destroy(), 1000);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** Runs a process in a container to its end. Throws LabError `container-unavailable` as {@link openExec} does. */
export async function runExec(
  engine: Engine,
  container: string,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  signal?.throwIfAborted();
  const { exec, stream } = await startExec(engine, container, command, false);
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  stream.on(
    'data',
    demultiplexer((channel, payload) => output[channel].push(payload)),
  );
  const abort = () => stream.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  await ended(stream);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  const text = (channel: 'stdout' | 'stderr') => Buffer.concat(output[channel]).toString('utf8');
  return { code: await exitCode(exec), stdout: text('stdout'), stderr: text('stderr') };
}

/** A container's output that is being followed. */
export interface FollowedLog {
  /** Settles when the container has stopped or following has ended. */
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Hands over each line that the container's main process writes to standard output from now on: resolves once attached,
 * so nothing written afterwards is missed. Ends with the container or when `signal` aborts.
 */
export async function followLog(
  engine: Engine,
  container: string,
  onLine: (line: string) => void,
  options: { readonly signal?: AbortSignal } = {},
): Promise<FollowedLog> {
  options.signal?.throwIfAborted();
  const stream = (await unavailable(container, () =>
    engine.docker.getContainer(container).attach({ stream: true, stdout: true, stderr: false, logs: false }),
  )) as Duplex;
  const lines = lineSplitter(onLine);
  stream.on(
    'data',
    demultiplexer((_channel, payload) => lines.feed(payload)),
  );
  const close = () => {
    stream.destroy();
  };
  options.signal?.addEventListener('abort', close, { once: true });
  if (options.signal?.aborted) close();
  const closed = ended(stream).then(() => {
    options.signal?.removeEventListener('abort', close);
    lines.end();
  });
  return { closed, close };
}

/** The last `tail` lines that the container has written to standard output and standard error. */
export async function readLog(
  engine: Engine,
  container: string,
  options: { readonly tail: number },
): Promise<string[]> {
  const raw: unknown = await unavailable(container, () =>
    engine.docker
      .getContainer(container)
      .logs({ follow: false, stdout: true, stderr: true, tail: options.tail }),
  );
  const lines: string[] = [];
  const splitters = {
    stdout: lineSplitter((line) => lines.push(line)),
    stderr: lineSplitter((line) => lines.push(line)),
  };
  demultiplexer((channel, payload) => splitters[channel].feed(payload))(raw as Buffer);
  splitters.stdout.end();
  splitters.stderr.end();
  return lines;
}

/**
 * Wires this process' terminal to a program in a container until that ends; returns its exit status (255 where Docker
 * does not know it). Without a terminal on standard input it passes the input through as it is.
 */
export async function interactiveShell(
  engine: Engine,
  container: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const tty = stdin.isTTY === true && stdout.isTTY === true;
  const { exec, stream } = await startExec(engine, container, command, tty);
  const resize = () => {
    exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {}); // the program may have ended meanwhile
  };
  if (tty) {
    stream.on('data', (chunk: Buffer) => stdout.write(chunk));
    stdin.setRawMode(true);
    stdout.on('resize', resize);
    resize();
  } else
    stream.on(
      'data',
      demultiplexer((channel, payload) => (channel === 'stdout' ? stdout : stderr).write(payload)),
    );
  const abort = () => stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  stdin.pipe(stream);
  try {
    await ended(stream);
    return (await exitCode(exec)) ?? 255;
  } finally {
    signal.removeEventListener('abort', abort);
    stdin.unpipe(stream);
    stdin.pause();
    if (tty) {
      stdin.setRawMode(false);
      stdout.off('resize', resize);
    }
  }
}

type Exec = Awaited<ReturnType<ReturnType<Engine['docker']['getContainer']>['exec']>>;

async function startExec(engine: Engine, container: string, command: readonly string[], tty: boolean) {
  return unavailable(container, async () => {
    const exec = await engine.docker.getContainer(container).exec({
      Cmd: [...command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      ...(tty ? { Env: [`TERM=${process.env.TERM ?? 'xterm'}`] } : {}),
    });
    const stream: Duplex = await exec.start({ hijack: true, stdin: true, Tty: tty });
    stream.on('error', () => {}); // a lost connection shows as `closed`; nobody else listens
    return { exec, stream };
  });
}

async function unavailable<T>(container: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new LabError(
      'environment',
      'container-unavailable',
      `Container ${container} cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
      'See "ftplab status"; "ftplab up" repairs a lab that has lost containers.',
      { cause: error },
    );
  }
}

function ended(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}

async function exitCode(exec: Exec): Promise<number | null> {
  try {
    return (await exec.inspect()).ExitCode;
  } catch {
    return null;
  }
}
