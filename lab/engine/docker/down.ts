import type { DownResult } from '../engine.ts';
import type { Daemon } from './find-daemon.ts';
import { observe } from './observe.ts';
import { removable, remove } from './removal.ts';

/**
 * Removes all networks and containers labelled with a lab's name, even those that the
 * current source no longer has. Removing nothing is fine. Throws LabError `not-removed` if Docker refuses to remove something.
 */
export async function down(daemon: Daemon, name: string): Promise<DownResult> {
  const total = { hosts: 0, networks: 0 };
  // Repeated until nothing is found: Docker may still be working on a call of a crashed `up`.
  for (let round = 0; round < 5; round++) {
    const { containers, networks } = await observe(daemon, name);
    if (containers.length === 0 && networks.length === 0) break;
    total.hosts += containers.length;
    total.networks += networks.length;
    await remove(daemon, { containers: containers.map(removable), networks });
  }
  return total;
}
