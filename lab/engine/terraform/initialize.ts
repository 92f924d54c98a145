import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { ownFile } from '../../own-files.ts';
import { providerVersion } from '../../stack/provider.ts';
import type { Daemon } from '../docker/find-daemon.ts';
import { complaintOf } from './messages.ts';
import { mirrorFolder } from './mirror.ts';
import { runTerraform, type Terraform } from './run-terraform.ts';

const lockFile = ownFile('lab/engine/terraform/terraform.lock.hcl');

/**
 * Prepares a folder with a stack for Terraform (`terraform init`). The provider comes from where the user's own
 * settings say, by default the registry; if that fails, from the lab's mirror. Throws LabError `no-provider` if neither
 * has it.
 */
export async function initialize(
  terraform: Terraform,
  daemon: Daemon,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const mirror = mirrorFolder();
  const init = async (...more: string[]) => {
    // The lock pins the release. Its hashes stay local to the lab, since a mirror's hashes differ from the registry's.
    await copyFile(lockFile, join(folder, '.terraform.lock.hcl'));
    const args = ['init', '-input=false', '-no-color', '-reconfigure', ...more];
    return runTerraform(terraform, args, { folder, daemon, signal });
  };
  const direct = await init();
  signal?.throwIfAborted();
  if (direct.code === 0) return;
  const mirrored = existsSync(mirror) ? await init(`-plugin-dir=${mirror}`) : undefined;
  signal?.throwIfAborted();
  if (mirrored?.code === 0) return;
  const reasons = [
    `registry: ${complaintOf(direct)}`,
    `mirror in ${mirror}: ${mirrored === undefined ? 'there is none' : complaintOf(mirrored)}`,
  ];
  throw new LabError(
    'environment',
    'no-provider',
    `Terraform's provider kreuzwerker/docker ${providerVersion} cannot be obtained:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    `Either let Terraform reach its registry, or build a mirror with Go: cd ${ownFile('.')} && npm run terraform-mirror`,
  );
}
