import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError, type Progress } from '../../errors.ts';
import {
  findProgram,
  installPackages,
  lastLines,
  requireInstallable,
  whileInstalling,
} from '../install-packages.ts';
import { firstAnswering } from './find-daemon.ts';

const socket = '/var/run/docker.sock';
const log = '/var/log/ftplab-dockerd.log';

/** How long a daemon may take from its start to its first answer, in milliseconds. */
const startDeadline = 60_000;

/**
 * Gets a Docker engine running on this machine: installs Debian's docker.io if there is no `dockerd`, and starts the
 * daemon. Debian and Ubuntu, as root. Throws LabError `cannot-install`, `install-failed` or `engine-does-not-start`.
 */
export async function installEngine(progress: Progress): Promise<void> {
  requireInstallable('A Docker engine');
  await whileInstalling(progress, async () => {
    if (await answers(socket)) return; // another process was faster
    if (findProgram('dockerd') === undefined) await installPackages(['docker.io'], progress);
    await startEngine(progress);
  });
}

async function startEngine(progress: Progress): Promise<void> {
  const expected = { socket, log, deadline: startDeadline };
  if (existsSync('/run/systemd/system')) {
    progress('Starting dockerd (systemctl start docker)');
    return startDaemon({ ...expected, command: ['systemctl', 'start', 'docker'], runsOn: true });
  }
  // The package's own script may have started it just now: the pid file is there before the socket.
  if (runs('/var/run/docker.pid')) {
    progress('Waiting for dockerd, which is starting');
    return startDaemon({ ...expected, command: ['true'], runsOn: true });
  }
  progress(`Starting dockerd, log in ${log}`);
  return startDaemon({ ...expected, command: [findProgram('dockerd') ?? 'dockerd'] });
}

/** How {@link startDaemon} starts an engine. */
export interface DaemonStart {
  readonly command: readonly string[];
  /** Where it will answer. */
  readonly socket: string;
  /** File that gets what it says, from its beginning. */
  readonly log: string;
  /** Milliseconds. */
  readonly deadline: number;
  /** If the command ends with status 0, the daemon goes on, as with `systemctl start`. */
  readonly runsOn?: true;
}

/**
 * Starts an engine in a session of its own, which outlives this process and does not see its Ctrl-C, and waits until it
 * answers. Throws LabError `engine-does-not-start` with the last lines of its log.
 */
export async function startDaemon(start: DaemonStart): Promise<void> {
  const [program = '', ...args] = start.command;
  const output = openSync(start.log, 'w');
  const daemon = spawn(program, args, { detached: true, stdio: ['ignore', output, output], cwd: '/' });
  closeSync(output);
  let ended: string | undefined;
  daemon.once('error', (error) => {
    ended = error.message;
  });
  daemon.once('exit', (code, signal) => {
    if (code !== 0 || !start.runsOn) ended = `it ended with ${signal ?? `status ${code}`}`;
  });
  daemon.unref();
  const end = performance.now() + start.deadline;
  while (!(await answers(start.socket))) {
    if (performance.now() > end) ended ??= `no answer at ${start.socket} within ${start.deadline / 1000} s`;
    if (ended !== undefined)
      throw new LabError(
        'environment',
        'engine-does-not-start',
        `${start.command.join(' ')} does not bring up an engine: ${ended}. Its last words:\n${lastLines(start.log, 8)}`,
        `See ${start.log}.`,
      );
    await delay(100);
  }
}

async function answers(path: string): Promise<boolean> {
  try {
    await firstAnswering([{ name: path, address: { via: 'unix', path } }], false);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process that a pid file names is alive. */
function runs(pidFile: string): boolean {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
