import { dirname, join } from 'node:path';
import type { LabChange } from '../../model/result/plan.ts';
import { type Comparison, compare } from '../docker/compare-stack.ts';
import type { Daemon } from '../docker/find-daemon.ts';
import { initialize } from './initialize.ts';
import { mergedChanges } from './merged-changes.ts';
import { terraformFailed } from './messages.ts';
import { runTerraform, type Terraform } from './run-terraform.ts';
import { readIds } from './up.ts';

/** What `up` with Terraform would change. Throws the same errors as {@link upBy}. */
export async function planBy(
  terraform: Terraform,
  daemon: Daemon,
  stackFile: string,
  signal?: AbortSignal,
): Promise<{ readonly comparison: Comparison; readonly changes: LabChange[] }> {
  const comparison = await compare(daemon, stackFile);
  const folder = dirname(stackFile);
  const at = { folder, daemon, signal };
  await initialize(terraform, daemon, folder, signal);
  const ids = await readIds(terraform, daemon, folder);
  const file = join(folder, 'plan.tfplan');
  const planned = await runTerraform(terraform, ['plan', '-input=false', '-json', `-out=${file}`], at);
  signal?.throwIfAborted();
  if (planned.code !== 0) throw terraformFailed('plan', planned);
  const shown = await runTerraform(terraform, ['show', '-json', '-no-color', file], at);
  if (shown.code !== 0) throw terraformFailed('show its plan', shown);
  return { comparison, changes: mergedChanges(comparison, ids, shown.stdout) };
}
