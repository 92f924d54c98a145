import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import lockfile from 'proper-lockfile';
import { LabError, type Progress } from '../errors.ts';
import { checkLabName } from '../stack/lab-name.ts';

/** The right to work on one lab; disposing of it lets others in. */
export interface LabLock extends AsyncDisposable {
  /** Where files about this lab go: {@link stateFolder}. */
  readonly folder: string;
}

/**
 * Folder for files about a lab: `$FTPLAB_STATE/<name>`, else `$XDG_STATE_HOME/isa-ftp-lab/<name>`, else
 * `~/.local/state/isa-ftp-lab/<name>` (XDG Base Directory Specification).
 */
export function stateFolder(name: string): string {
  const base =
    process.env.FTPLAB_STATE ||
    join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'isa-ftp-lab');
  return join(base, name);
}

/** Makes a lab's {@link stateFolder}. Throws LabError `state-not-writable`. */
export async function makeStateFolder(name: string): Promise<void> {
  const folder = stateFolder(name);
  await makeFolder(folder).catch((error: Error) => {
    throw new LabError(
      'environment',
      'state-not-writable',
      `The folder ${folder} cannot be made: ${error.message}`,
      'Set FTPLAB_STATE to a folder that may be written to.',
      { cause: error },
    );
  });
}

/** Instead of mkdir's `recursive`, which retries for ever below a folder that takes no new ones, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder);
  }
}

/**
 * Takes the lock of a lab, so that one process at a time works on it. Throws LabError `lab-in-use` with the id of the
 * process that has it. A lock left by a dead process does not count. `tell` gets a sentence if, by the time the lock
 * is released, somebody else has removed it.
 */
export async function lockLab(name: string, tell: Progress = () => undefined): Promise<LabLock> {
  checkLabName(name);
  const folder = stateFolder(name);
  await makeStateFolder(name);
  const ownerFile = join(folder, 'owner.json');
  const release = await acquire(name, folder, ownerFile);
  await writeFile(ownerFile, JSON.stringify({ pid: process.pid, host: hostname() }));
  return {
    folder,
    async [Symbol.asyncDispose]() {
      const owner = await ownerOf(ownerFile);
      if (owner?.pid === process.pid && owner.host === hostname()) {
        await rm(ownerFile, { force: true });
        await release();
        return;
      }
      tell(
        `Somebody removed files from ${folder} while this command worked there. The lab itself was not affected.`,
      );
      // A lock that is there now belongs to another process.
      if (owner === undefined) await release();
    },
  };
}

async function acquire(name: string, folder: string, ownerFile: string): Promise<() => Promise<void>> {
  const lockfilePath = join(folder, 'lock');
  let lost = false;
  const take = async () => {
    const release = await lockfile.lock(folder, {
      lockfilePath,
      realpath: false,
      // After a suspend the lock may have counted as stale, or it was removed. The engine still knows what is there.
      onCompromised: () => {
        lost = true;
      },
    });
    return async () => {
      if (!lost) await release();
    };
  };
  try {
    return await take();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ELOCKED') throw error;
    const owner = await ownerOf(ownerFile);
    if (owner?.host === hostname() && !alive(owner.pid)) {
      await rm(lockfilePath, { recursive: true, force: true });
      return await take().catch((cause) => Promise.reject(inUse(name, undefined, cause)));
    }
    throw inUse(name, owner?.pid, error);
  }
}

function inUse(name: string, pid: number | undefined, cause: unknown): LabError {
  return new LabError(
    'environment',
    'lab-in-use',
    `Lab ${name} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`,
    'Wait for it to end, or give this one another --name.',
    { cause },
  );
}

async function ownerOf(ownerFile: string): Promise<{ pid: number; host: string } | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile, 'utf8'));
  } catch {
    return undefined; // the owner is about to write it, or has just removed it
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
