import { synthesizeFor } from '../engine/bring-up.ts';
import { changesOf } from '../engine/docker/changes.ts';
import { compare } from '../engine/docker/compare.ts';
import { findEngine } from '../engine/docker/find-engine.ts';
import { lockLab } from '../engine/lab-lock.ts';
import { planBy } from '../engine/terraform/plan.ts';
import { findTerraform } from '../engine/terraform/program.ts';
import type { Progress } from '../errors.ts';
import type { Change } from '../model/lab-change.ts';

/**
 * What bringing a lab up would change, by the Docker engine or by Terraform, images that would be built included.
 * Throws LabError as bringing it up does.
 */
export async function planLab(
  name: string,
  kind: 'docker' | 'terraform',
  options: { readonly progress?: Progress; readonly signal?: AbortSignal } = {},
): Promise<Change[]> {
  const terraform = kind === 'terraform' ? await findTerraform() : undefined;
  const engine = await findEngine();
  await using _lock = await lockLab(name);
  const { stackFile } = await synthesizeFor(engine, name, options);
  const { comparison, changes } =
    terraform === undefined
      ? await compare(engine, stackFile).then((comparison) => ({
          comparison,
          changes: changesOf(comparison.difference),
        }))
      : await planBy(terraform, engine, stackFile, options.signal);
  const images = comparison.missingImages.map(
    (tag): Change => ({ action: 'create', kind: 'image', name: tag, because: [] }),
  );
  return [...images, ...changes];
}
