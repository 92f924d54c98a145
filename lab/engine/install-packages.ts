import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import lockfile from 'proper-lockfile';
import { LabError, type Progress } from '../errors.ts';

/** What apt says while it installs goes here. */
const logFile = '/var/log/ftplab-install.log';

/** How long to wait for another process that installs, in seconds. */
const patience = 600;

/** Path of a program, or `undefined`. Also looks in the sbin folders, even if they are not in PATH. */
export function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Throws LabError `cannot-install` unless this is root on Debian or a descendant of it. */
export function requireInstallable(what: string): void {
  const refuse = (why: string, hint: string) =>
    new LabError(
      'environment',
      'cannot-install',
      `The lab needs ${what.replaceAll(' ', ', ')}, which cannot be installed: ${why}`,
      hint,
    );
  if (!isDebian())
    throw refuse(
      'that is done on Debian and Ubuntu only',
      `Install ${what} by your system's own means, then try again.`,
    );
  if (process.getuid?.() !== 0)
    throw refuse('that takes root', `As root: apt-get install ${what}. Then try again as this user.`);
}

/** Whether this machine is Debian or a descendant of it. */
export function isDebian(): boolean {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    // os-release(5): ID is one word, ID_LIKE a list of them, either may be quoted.
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && findProgram('apt-get') !== undefined;
  } catch {
    return false;
  }
}

/** Runs `work` while no other process of the lab installs anything; waits for it to end. */
export async function whileInstalling<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const take = (retries: number) =>
    lockfile.lock('/run', {
      lockfilePath: '/run/ftplab-install.lock',
      realpath: false,
      retries: { retries, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
    });
  const release = await take(0).catch((error: { code?: string }) => {
    if (error.code !== 'ELOCKED') throw error;
    progress('Waiting for another process that installs');
    return take(patience);
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * Installs Debian packages without their recommendations, from the sources that this machine has. Throws LabError
 * `cannot-install`, or `install-failed` with apt's last lines.
 */
export async function installPackages(packages: readonly string[], progress: Progress): Promise<void> {
  const what = packages.join(' ');
  requireInstallable(what);
  progress(`Installing Debian's ${what} (apt-get install, log in ${logFile})`);
  // If a source does not answer, go on: the next step shows whether it matters.
  await apt(['update']);
  const status = await apt(['install', '--yes', '--no-install-recommends', ...packages]);
  if (status === 0) return;
  throw new LabError(
    'environment',
    'install-failed',
    `apt-get install ${what} failed:\n${lastLines(logFile, 8)}`,
    `See ${logFile}; "apt-get install ${what}" by hand shows whether apt itself works.`,
  );
}

/** In its own session, so that Ctrl-C does not stop dpkg half way. */
function apt(args: readonly string[]): Promise<number | null> {
  const log = openSync(logFile, 'a');
  const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '--quiet', ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/** The last lines of a text file that are not blank, each indented; says so if there are none. */
export function lastLines(file: string, count: number): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const last = lines.filter((line) => line.trim() !== '').slice(-count);
  return last.length === 0 ? `  (${file} is empty)` : last.map((line) => `  ${line}`).join('\n');
}
