import type { Engine } from './find-engine.ts';
import { observe } from './observe.ts';
import { removable, remove } from './removal.ts';

/** How much `down` removed. */
export interface DownResult {
  readonly containers: number;
  readonly networks: number;
}

/**
 * Removes all networks and containers labelled with a lab's name, whatever today's
 * source says. Removing nothing is fine. Throws LabError `not-removed` where Docker will not let go of something.
 */
export async function down(engine: Engine, name: string): Promise<DownResult> {
  const total = { containers: 0, networks: 0 };
  // Again until nothing is found: a call of a crashed `up` that Docker was still working on may add to it.
  for (let round = 0; round < 5; round++) {
    const { containers, networks } = await observe(engine, name);
    if (containers.length === 0 && networks.length === 0) break;
    total.containers += containers.length;
    total.networks += networks.length;
    await remove(engine, { containers: containers.map(removable), networks });
  }
  return total;
}
