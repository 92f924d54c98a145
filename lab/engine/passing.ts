import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeStateFolder, stateFolder } from './lab-lock.ts';

/**
 * Whether a lab was brought up for one run alone. Where it still stands a crash left it behind, and the next run takes it
 * down; any other lab that stands was put there by somebody, be it by `up` or by Terraform, and stays.
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
