import type { Duplex } from 'node:stream';
import { LabError } from '../../errors.ts';
import { lineSplitter } from '../../line-splitter.ts';
import type { EndedProcess, FollowedLog, HostProcess } from '../engine.ts';
import type { Daemon } from './find-daemon.ts';
import { demultiplexer } from './multiplexed.ts';

const stderrKept = 4000;

/**
 * Starts a process in a running container, its standard streams attached. `onLine` gets each line of its standard
 * output as it arrives. Throws LabError `host-unavailable` if the container is gone or stopped.
 */
export async function openExec(
  daemon: Daemon,
  container: string,
  command: readonly string[],
  onLine: (line: string) => void,
): Promise<HostProcess> {
  const { exec, stream } = await startExec(daemon, container, command, false);
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

/** Runs a process in a container to its end. Throws LabError `host-unavailable` as {@link openExec} does. */
export async function runExec(
  daemon: Daemon,
  container: string,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<EndedProcess> {
  signal?.throwIfAborted();
  const { exec, stream } = await startExec(daemon, container, command, false);
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

/**
 * Hands over each line that the container's main process writes to standard output from now on: resolves once attached,
 * so nothing written afterwards is missed. Ends with the container or when `signal` aborts.
 */
export async function followLog(
  daemon: Daemon,
  container: string,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<FollowedLog> {
  signal?.throwIfAborted();
  const stream = (await unavailable(container, () =>
    daemon.docker.getContainer(container).attach({ stream: true, stdout: true, stderr: false, logs: false }),
  )) as Duplex;
  const lines = lineSplitter(onLine);
  stream.on(
    'data',
    demultiplexer((_channel, payload) => lines.feed(payload)),
  );
  const close = () => {
    stream.destroy();
  };
  signal?.addEventListener('abort', close, { once: true });
  if (signal?.aborted) close();
  const closed = ended(stream).then(() => {
    signal?.removeEventListener('abort', close);
    lines.end();
  });
  return { closed, close };
}

/** The last `tail` lines that the container has written to standard output and standard error. */
export async function readLog(
  daemon: Daemon,
  container: string,
  options: { readonly tail: number },
): Promise<string[]> {
  const raw: unknown = await unavailable(container, () =>
    daemon.docker
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
 * Wires this process' terminal to a program in a container until that ends; returns its exit status (255 if Docker
 * does not know it). Without a terminal on standard input it passes the input through as it is.
 */
export async function interactiveShell(
  daemon: Daemon,
  container: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const tty = stdin.isTTY === true && stdout.isTTY === true;
  const { exec, stream } = await startExec(daemon, container, command, tty);
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

type Exec = Awaited<ReturnType<ReturnType<Daemon['docker']['getContainer']>['exec']>>;

async function startExec(daemon: Daemon, container: string, command: readonly string[], tty: boolean) {
  return unavailable(container, async () => {
    const exec = await daemon.docker.getContainer(container).exec({
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
      'host-unavailable',
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
