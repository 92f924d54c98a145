import type { DownResult } from '../engine.ts';
import type { Daemon } from './find-daemon.ts';
import { observe } from './observe.ts';
import { removable, remove } from './removal.ts';

/**
 * Removes all networks and containers labelled with a lab's name, whatever today's
 * source says. Removing nothing is fine. Throws LabError `not-removed` where Docker will not let go of something.
 */
export async function down(daemon: Daemon, name: string): Promise<DownResult> {
  const total = { hosts: 0, networks: 0 };
  // Again until nothing is found: a call of a crashed `up` that Docker was still working on may add to it.
  for (let round = 0; round < 5; round++) {
    const { containers, networks } = await observe(daemon, name);
    if (containers.length === 0 && networks.length === 0) break;
    total.hosts += containers.length;
    total.networks += networks.length;
    await remove(daemon, { containers: containers.map(removable), networks });
  }
  return total;
}
