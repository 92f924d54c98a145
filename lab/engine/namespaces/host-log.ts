import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, watch } from 'node:fs';
import { LabError } from '../../errors.ts';
import { lineSplitter } from '../../line-splitter.ts';
import type { FollowedLog, HostOfLab } from '../engine.ts';
import { lives } from './processes.ts';
import { inside, runningLab } from './running-lab.ts';

/** How much of a log is kept after it was read, in bytes. */
const kept = 10 * 2 ** 20;

/** How often to check that the lab still runs, in milliseconds. */
const pulse = 500;

/** Follows what a host's main process writes to standard output from now on. Throws LabError `host-unavailable`. */
export function followHost(at: HostOfLab, onLine: (line: string) => void, signal?: AbortSignal): FollowedLog {
  signal?.throwIfAborted();
  const pid = labOf(at);
  const folder = inside(pid, at.host);
  const path = inside(pid, at.host, 'log');
  const log = openSync(path, 'r');
  const lines = lineSplitter(onLine);
  const buffer = Buffer.alloc(2 ** 17);
  let position = statSync(path).size;
  let freed = 0;
  const read = () => {
    for (;;) {
      const bytes = readSync(log, buffer, 0, buffer.length, position);
      position += bytes;
      lines.feed(buffer.subarray(0, bytes));
      if (bytes < buffer.length) break;
    }
    if (position - freed < 2 * kept) return;
    freed = position - kept;
    forget(path, freed);
  };
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    let open = true;
    close = () => {
      if (!open) return;
      open = false;
      watcher.close();
      clearInterval(timer);
      closeSync(log);
      lines.end();
      resolve();
    };
    const look = () => {
      if (!open) return;
      const ended = existsSync(`${folder}/exit`) || !lives(pid);
      read();
      if (ended) close();
    };
    const watcher = watch(folder, (_event, file) => {
      if (!open) return;
      if (file === 'exit') look();
      else read();
    });
    const timer = setInterval(look, pulse).unref();
    signal?.addEventListener('abort', close, { once: true });
  });
  return { closed, close };
}

/** The last lines of what a host's main process has written, standard output first. */
export function readHostLog(at: HostOfLab, tail: number): string[] {
  const pid = labOf(at);
  const lines = ['log', 'errors'].flatMap((file) => {
    const text = lastOf(inside(pid, at.host, file));
    return text.split('\n').filter((line) => line !== '');
  });
  return lines.slice(-tail);
}

function lastOf(path: string): string {
  const { size } = statSync(path);
  if (size <= kept) return readFileSync(path, 'utf8').replace(/^\0+/, '');
  const buffer = Buffer.alloc(kept);
  const log = openSync(path, 'r');
  try {
    const bytes = readSync(log, buffer, 0, kept, size - kept);
    return buffer
      .subarray(0, bytes)
      .toString('utf8')
      .replace(/^\0*[^\n]*\n/, '');
  } finally {
    closeSync(log);
  }
}

/** Frees the memory of the beginning of a log; readers and writers do not notice (fallocate(1)). */
function forget(path: string, bytes: number): void {
  spawn('fallocate', ['--punch-hole', '--offset', '0', '--length', String(bytes), path], {
    stdio: 'ignore',
  }).on('error', () => {});
}

function labOf({ lab: name, host }: HostOfLab): number {
  const lab = runningLab(name);
  if (lab && existsSync(inside(lab.pid, host, 'log'))) return lab.pid;
  throw new LabError(
    'environment',
    'host-unavailable',
    `Host ${host} of lab ${name} does not run`,
    'See "ftplab status"; "ftplab up" repairs a lab that has lost hosts.',
  );
}
