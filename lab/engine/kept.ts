import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeStateFolder, stateFolder } from './lab-lock.ts';

/**
 * Whether somebody has asked for a lab to stay up. What a crash left behind has not been asked for, so that the next run
 * takes it down.
 */
export function isKept(name: string): boolean {
  return existsSync(marker(name));
}

export async function setKept(name: string, kept: boolean): Promise<void> {
  if (!kept) return rm(marker(name), { force: true });
  await makeStateFolder(name);
  await writeFile(marker(name), '');
}

function marker(name: string): string {
  return join(stateFolder(name), 'kept');
}
