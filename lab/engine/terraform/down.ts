import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { stackPath } from '../../stack/stack-path.ts';
import { down } from '../docker/down.ts';
import type { Daemon } from '../docker/find-daemon.ts';
import { observe } from '../docker/observe.ts';
import type { DownResult, WorkOptions } from '../engine.ts';
import { stateFolder } from '../lab-lock.ts';
import { initialize } from './initialize.ts';
import { terraformFailed } from './messages.ts';
import { runTerraform, type Terraform } from './run-terraform.ts';
import { hasState } from './state.ts';
import { tell } from './up.ts';

/**
 * Makes Terraform destroy what it created for a lab, then removes the rest by label. Throws LabError `no-provider` or
 * `terraform-failed`, `not-removed` as `down` does, or the signal's reason.
 */
export async function downBy(
  terraform: Terraform,
  daemon: Daemon,
  name: string,
  { progress, signal }: WorkOptions = {},
): Promise<DownResult> {
  const { containers, networks } = await observe(daemon, name);
  const folder = dirname(stackPath(stateFolder(name), name));
  if (hasState(name) && existsSync(folder)) {
    await initialize(terraform, daemon, folder, signal);
    // One by one: containers that leave a network together can break it on older Docker engines.
    const args = ['destroy', '-auto-approve', '-input=false', '-json', '-parallelism=1'];
    const ran = await runTerraform(terraform, args, {
      folder,
      daemon,
      signal,
      onLine: (line) => tell(line, progress),
    });
    signal?.throwIfAborted();
    if (ran.code !== 0) throw terraformFailed('take the lab down', ran);
  }
  await down(daemon, name);
  return { hosts: containers.length, networks: networks.length };
}
