/*
 * What commands need of an engine. They import it late, inside their actions: its libraries take longer to load than all the
 * rest, and help and usage errors do without.
 */
import type { Engine } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import type { Context } from './context.ts';

export { planLab } from '../trial/plan-lab.ts';
export { startLab } from '../trial/start-lab.ts';
export { takeDown } from '../trial/take-down.ts';
export { requireUp } from './require-up.ts';
export { findEngine };

/** The engine that the command line asks for. Throws LabError as {@link findEngine} does. */
export function chosenEngine({ engine: kind, name: lab, output }: Context): Promise<Engine> {
  return findEngine({ ...(kind && { kind }), lab, progress: (message) => output.progress(message) });
}
