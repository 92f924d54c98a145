import { labels } from '../../stack/labels.ts';
import type { Engine } from './find-engine.ts';
import { observe } from './observe.ts';

/** A lab as Docker has it now. */
export interface LabStatus {
  readonly name: string;
  /** Slot of its address plan; `null` where nothing of it says. */
  readonly slot: number | null;
  readonly networks: readonly {
    readonly subnet: string;
    readonly network: string;
    readonly cidrs: readonly string[];
  }[];
  readonly hosts: readonly {
    readonly host: string;
    readonly container: string;
    /** Docker's word: `running`, `exited`, `created`, `paused`. */
    readonly state: string;
    readonly addresses: readonly string[];
  }[];
}

/** The labs on an engine by their labels, sorted by name; half-created and broken ones included. */
export async function status(engine: Engine): Promise<LabStatus[]> {
  const { networks, containers } = await observe(engine);
  const nameOf = (thing: { labels: Record<string, string> }) => thing.labels[labels.lab] ?? '';
  const names = [...new Set([...networks, ...containers].map(nameOf))].sort();
  return names.map((name) => {
    const own = <T extends { labels: Record<string, string> }>(things: readonly T[]) =>
      things.filter((thing) => nameOf(thing) === name);
    const slots = [...own(networks), ...own(containers)].flatMap((thing) => thing.labels[labels.slot] ?? []);
    return {
      name,
      slot: slots[0] === undefined ? null : Number(slots[0]),
      networks: own(networks).map((network) => ({
        subnet: network.labels[labels.host] ?? network.name,
        network: network.name,
        cidrs: network.definition.ipam.map(({ subnet }) => subnet),
      })),
      hosts: own(containers)
        .map((container) => ({
          host: container.labels[labels.host] ?? container.name,
          container: container.name,
          state: container.state,
          addresses: [...container.networks.values()].filter((address) => address !== ''),
        }))
        .sort((a, b) => (a.host < b.host ? -1 : 1)),
    };
  });
}
