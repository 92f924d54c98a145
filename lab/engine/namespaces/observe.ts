import { existsSync, readFileSync } from 'node:fs';
import type { LabStatus } from '../../model/result/status.ts';
import { labels } from '../../stack/labels.ts';
import type { ObservedLab } from '../difference.ts';
import { interfacesOf, lives } from './processes.ts';
import { hostNameOf } from './rights.ts';
import { inside, type RunningLab, recordOf, runningHosts, runningLabs } from './running-lab.ts';
import { bridgeOf } from './script.ts';

/** A lab as it is now: what it was made from, as far as the kernel says that it still exists. */
export function observeLab(lab: RunningLab): ObservedLab {
  const record = recordOf(lab);
  const bridges = new Set(interfacesOf(lab.pid));
  const hosts = runningHosts(lab);
  const networks = record.networks.filter(({ name }) => bridges.has(bridgeOf(name)));
  return {
    networks: networks.map(({ name, ...definition }) => ({ id: name, name, definition })),
    containers: record.containers.map(
      ({ name, image, networks: legs, ready: _ready, memorySwap: _swap, ...definition }) => {
        const place = hosts.get(hostNameOf({ name, labels: definition.labels }));
        const devices = new Set(place && interfacesOf(place.init));
        const attached = place ? legs.filter((_leg, index) => devices.size > index + 1) : [];
        return {
          id: name,
          name,
          imageId: image,
          running: place !== undefined,
          state: place ? 'running' : stateOf(lab, hostNameOf({ name, labels: definition.labels })),
          networks: new Map(attached.map((leg) => [leg.name, leg.address])),
          definition,
        };
      },
    ),
  };
}

function stateOf({ pid }: RunningLab, host: string): string {
  const exit = inside(pid, host, 'exit');
  return existsSync(exit) ? `exited (${readFileSync(exit, 'utf8').trim()})` : 'exited';
}

/** The labs of this machine that this user may look into, sorted by name. */
export function statusOfLabs(): LabStatus[] {
  return runningLabs()
    .flatMap((lab) => statusOf(lab) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `undefined` for a lab that ends meanwhile. */
function statusOf(lab: RunningLab): LabStatus | undefined {
  let observed: ObservedLab;
  try {
    observed = observeLab(lab);
  } catch (error) {
    // A lab's files go a little before its first process.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && lives(lab.pid)) throw error;
    return undefined;
  }
  const { networks, containers } = observed;
  const all = [...networks, ...containers];
  const slot = all.map(({ definition }) => definition.labels[labels.slot]).find(Boolean);
  return {
    name: lab.name,
    slot: slot === undefined ? null : Number(slot),
    networks: networks.map(({ name, definition }) => ({
      subnet: definition.labels[labels.host] ?? name,
      engineName: bridgeOf(name),
      cidrs: definition.ipam.map(({ subnet }) => subnet),
    })),
    hosts: containers
      .map(({ name, definition, state, networks: legs }) => ({
        host: definition.labels[labels.host] ?? name,
        engineName: name,
        state,
        addresses: [...legs.values()],
      }))
      .sort((a, b) => (a.host < b.host ? -1 : 1)),
  };
}
