import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeStateFolder, stateFolder } from './lab-lock.ts';

/**
 * Whether a lab was brought up only for one run. If it is still up, a crash left it behind, and the next run takes it down.
 * Any other lab was brought up on purpose, by `up` or by Terraform, and stays.
 */
export function isPassing(name: string): boolean {
  return existsSync(marker(name));
}

export async function setPassing(name: string, passing: boolean): Promise<void> {
  if (!passing) return rm(marker(name), { force: true });
  await makeStateFolder(name);
  await writeFile(marker(name), '');
}

function marker(name: string): string {
  return join(stateFolder(name), 'passing');
}
