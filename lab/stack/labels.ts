/** Labels on every network and container of a lab; `down` and `status` find them by these. */
export const labels = {
  /** Name of the lab. */
  lab: 'isa-ftp-lab.lab',
  /** Slot of the address plan. */
  slot: 'isa-ftp-lab.slot',
  /** Host name in the lab; on a network, the subnet's name. */
  host: 'isa-ftp-lab.host',
  /** What the container must show before the lab counts as up: a {@link Readiness}. */
  ready: 'isa-ftp-lab.ready',
  /** How many processes and threads the container may have; a label, since Terraform's provider has no attribute for it. */
  processes: 'isa-ftp-lab.processes',
} as const;

/**
 * `ftp`: each of its servers greets with `220` on its own address. `firewall`: denies forwarding by default and traces.
 * `routes`: has the lab's routes instead of Docker's.
 */
export const readinesses = ['ftp', 'firewall', 'routes'] as const;
export type Readiness = (typeof readinesses)[number];

/** Docker's name for a host's container or a subnet's network. */
export function dockerName(lab: string, host: string): string {
  return `${lab}-${host}`;
}
