/*
 * What commands need from an engine. They import this file late, inside their actions: the engine's libraries take
 * longer to load than everything else, and help and usage errors do not need them.
 */
import type { Engine } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import type { Context } from './context.ts';

export { planLab } from '../trial/plan-lab.ts';
export { startLab } from '../trial/start-lab.ts';
export { takeDown } from '../trial/take-down.ts';
export { requireUp } from './require-up.ts';
export { findEngine };

/** The engine that the command line names. Throws the same LabErrors as {@link findEngine}. */
export function chosenEngine({ engine: kind, name: lab, output }: Context): Promise<Engine> {
  return findEngine({ ...(kind && { kind }), lab, progress: (message) => output.progress(message) });
}
