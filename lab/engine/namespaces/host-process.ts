import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LabError } from '../../errors.ts';
import { lineSplitter } from '../../line-splitter.ts';
import type { EndedProcess, HostOfLab, HostProcess } from '../engine.ts';
import { enterOptions } from './privileges.ts';
import { childrenOf, kill } from './processes.ts';
import { capabilitiesOf, confinedTo, environmentOf, hostNameOf, limitedTo } from './rights.ts';
import { recordOf, runningHost, runningLab } from './running-lab.ts';

const stderrKept = 4000;

/** Starts a process in a host. Throws LabError `host-unavailable` for a host that does not run. */
export function openIn(
  at: HostOfLab,
  command: readonly string[],
  onLine: (line: string) => void,
): HostProcess {
  const child = enter(at, command, 'pipe');
  const lines = lineSplitter(onLine);
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => lines.feed(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrKept);
  });
  let open = true;
  child.stdin?.on('error', () => {
    open = false;
  });
  const closed = ending(child).then((code) => {
    open = false;
    lines.end();
    return { code };
  });
  return {
    write(line) {
      if (!open)
        throw new LabError(
          'environment',
          'stream-closed',
          `${command[0]} in ${at.host} has ended${stderr === '' ? '' : `: ${stderr.trim()}`}`,
        );
      child.stdin?.write(`${line}\n`);
    },
    stderr: () => stderr,
    closed,
    async close() {
      child.stdin?.end();
      const patience = setTimeout(() => end(child), 1000);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** Runs a process in a host to its end. Throws as {@link openIn}, or the signal's reason. */
export async function runIn(
  at: HostOfLab,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<EndedProcess> {
  signal?.throwIfAborted();
  const child = enter(at, command, 'pipe');
  child.stdin?.on('error', () => {});
  child.stdin?.end();
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => output.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.stderr.push(chunk));
  const abort = () => end(child);
  signal?.addEventListener('abort', abort, { once: true });
  const code = await ending(child);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
  return { code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** Gives a program in a host this process' terminal, or its input as it is; returns the exit status. */
export async function shellIn(
  at: HostOfLab,
  command: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const child = enter(at, command, 'inherit');
  const abort = () => end(child);
  signal.addEventListener('abort', abort, { once: true });
  const code = await ending(child);
  signal.removeEventListener('abort', abort);
  return code ?? 255;
}

/** A process in a host, with the rights that the host has, and no more (nsenter(1) alone would give all). */
function enter(
  { lab: name, host }: HostOfLab,
  command: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  const lab = runningLab(name);
  const place = lab && runningHost(lab, host);
  const desired = lab && recordOf(lab).containers.find((container) => hostNameOf(container) === host);
  if (!place || !desired)
    throw new LabError(
      'environment',
      'host-unavailable',
      `Host ${host} of lab ${name} does not run`,
      'See "ftplab status"; "ftplab up" repairs a lab that has lost hosts.',
    );
  const args = [
    ...['--target', String(place.init), ...enterOptions()],
    ...['--mount', '--net', '--pid', '--ipc', '--uts', '--root', '--wd', '--'],
    ...[...limitedTo(desired), ...confinedTo(capabilitiesOf(desired)), ...command],
  ];
  const terminal = stdio === 'inherit' ? { TERM: process.env.TERM ?? 'xterm' } : {};
  const env = { ...Object.fromEntries(environmentOf(desired)), ...terminal };
  return spawn('nsenter', args, { stdio, env });
}

async function ending(child: ChildProcess): Promise<number | null> {
  const [code, signal] = await once(child, 'close');
  return code ?? (signal === null ? null : 255);
}

/** nsenter waits for its child, which would outlive it. */
function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  for (const inner of childrenOf(child.pid)) kill(inner);
  child.kill('SIGKILL');
}
