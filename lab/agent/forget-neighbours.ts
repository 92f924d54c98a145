import { run } from './firewall/run.ts';

/** Forgets who has which IPv6 address on the host's links, so that it has to ask again: under other rules nobody may answer. */
export function forgetNeighbours(): void {
  // Fails if the kernel has no IPv6, and so no neighbours.
  run('ip', ['-6', 'neighbour', 'flush', 'all']);
}
