import { synthesizeFor } from '../engine/bring-up.ts';
import type { Engine, WorkOptions } from '../engine/engine.ts';
import { lockLab } from '../engine/lab-lock.ts';
import type { LabChange } from '../model/result/plan.ts';

/** What bringing a lab up would change, including images to build. Throws the LabErrors of bringing it up. */
export async function planLab(engine: Engine, name: string, options: WorkOptions = {}): Promise<LabChange[]> {
  await using _lock = await lockLab(name);
  const { stackFile } = await synthesizeFor(engine, name, options);
  return engine.plan(stackFile, options);
}
