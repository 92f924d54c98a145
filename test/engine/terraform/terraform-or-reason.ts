import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { initialize } from '../../../lab/engine/terraform/initialize.ts';
import { hasGo, makeMirror, mirrorFolder } from '../../../lab/engine/terraform/mirror.ts';
import { findTerraform, type Terraform } from '../../../lab/engine/terraform/run-terraform.ts';
import { LabError } from '../../../lab/errors.ts';
import { providerVersion } from '../../../lab/stack/provider.ts';

/**
 * A Terraform with its provider, or the reason why there is none. Prints the reason, so that skipped tests are visible.
 * `npm test` (FTPLAB_INSTALL) builds the provider if Go is installed and it was not built yet; that takes minutes, once
 * per machine.
 */
export async function terraformOrReason(): Promise<Terraform | string> {
  const found = await attempt();
  if (typeof found === 'string')
    process.stderr.write(`Tests of the Terraform engine are skipped: ${found}\n`);
  return found;
}

async function attempt(): Promise<Terraform | string> {
  try {
    const terraform = await findTerraform();
    if (process.env.FTPLAB_INSTALL === '1' && !existsSync(mirrorFolder()) && (await hasGo()))
      await makeMirror((message) => process.stderr.write(`${message}\n`));
    const folder = await mkdtemp(join(tmpdir(), 'ftplab-terraform-'));
    try {
      const docker = { source: 'kreuzwerker/docker', version: providerVersion };
      const stack = { terraform: { required_providers: { docker } } };
      await writeFile(join(folder, 'cdk.tf.json'), JSON.stringify(stack));
      await initialize(terraform, await findDaemon(), folder);
    } finally {
      await rm(folder, { recursive: true });
    }
    return terraform;
  } catch (error) {
    if (error instanceof LabError) return `${error.message} (${error.hint})`;
    throw error;
  }
}
