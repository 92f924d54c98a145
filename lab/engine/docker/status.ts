import type { LabStatus } from '../../model/result/status.ts';
import { labels } from '../../stack/labels.ts';
import type { Daemon } from './find-daemon.ts';
import { observe } from './observe.ts';

/** The labs on an engine by their labels, sorted by name; half-created and broken ones included. */
export async function status(daemon: Daemon): Promise<LabStatus[]> {
  const { networks, containers } = await observe(daemon);
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
        engineName: network.name,
        cidrs: network.definition.ipam.map(({ subnet }) => subnet),
      })),
      hosts: own(containers)
        .map((container) => ({
          host: container.labels[labels.host] ?? container.name,
          engineName: container.name,
          state: container.state,
          addresses: [...container.networks.values()].filter((address) => address !== ''),
        }))
        .sort((a, b) => (a.host < b.host ? -1 : 1)),
    };
  });
}
