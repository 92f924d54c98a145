import type { DownResult, Engine, WorkOptions } from '../engine/engine.ts';
import { lockLab } from '../engine/lab-lock.ts';
import { setPassing } from '../engine/passing.ts';

/** Removes a lab. Throws LabError `lab-in-use`, and the errors of {@link Engine.down}. */
export async function takeDown(engine: Engine, name: string, options: WorkOptions = {}): Promise<DownResult> {
  await using _lock = await lockLab(name);
  const removed = await engine.down(name, options);
  await setPassing(name, false);
  return removed;
}
