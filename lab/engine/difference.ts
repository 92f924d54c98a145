import { createHash } from 'node:crypto';
import { labels } from '../stack/labels.ts';
import type { DesiredContainer, DesiredLab, DesiredNetwork } from './stack-file.ts';

/** A network as Docker has it. */
export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
}

/** A container as Docker has it. `networks` maps the id of each attached network to the address there. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly running: boolean;
  /** Docker's word: `running`, `exited`, `created`, `paused`. */
  readonly state: string;
  readonly networks: ReadonlyMap<string, string>;
  readonly labels: Record<string, string>;
}

export interface ObservedLab {
  readonly networks: readonly ObservedNetwork[];
  readonly containers: readonly ObservedContainer[];
}

/** What to do with one name. `remove` lists what stands in the way; `keep` is set where nothing is to be done. */
export interface Step<Desired, Observed> {
  readonly desired: Desired;
  readonly hash: string;
  readonly action: 'create' | 'change' | 'keep';
  readonly remove: readonly Observed[];
  readonly keep: Observed | null;
}

export interface Difference {
  readonly networks: readonly Step<DesiredNetwork, ObservedNetwork>[];
  readonly containers: readonly Step<DesiredContainer, ObservedContainer>[];
  /** What Docker has of this lab and the stack does not. */
  readonly surplus: ObservedLab;
}

/**
 * What turns `observed` into `desired`. A network or container is left alone only where its definition is the one it
 * was made from (by hash), it stands alone under its name, and, for a container, it runs from today's image with the
 * right address in each network. A container goes with a network that is replaced.
 * `imageIds` maps image tags to the ids that they have now.
 */
export function difference(
  desired: DesiredLab,
  observed: ObservedLab,
  imageIds: ReadonlyMap<string, string>,
): Difference {
  const networks = desired.networks.map((network) => {
    const hash = definitionHash(network);
    const present = observed.networks.filter(({ name }) => name === network.name);
    return step(network, hash, present, (found) => found.labels[labels.hash] === hash);
  });
  const networkIds = new Map(networks.map(({ desired: { name }, keep }) => [name, keep?.id]));
  const containers = desired.containers.map((container) => {
    const hash = definitionHash(container);
    const present = observed.containers.filter(({ name }) => name === container.name);
    return step(
      container,
      hash,
      present,
      (found) =>
        found.labels[labels.hash] === hash &&
        found.running &&
        found.imageId === imageIds.get(container.image) &&
        found.networks.size === container.networks.length &&
        container.networks.every(
          ({ name, address }) => found.networks.get(networkIds.get(name) ?? '') === address,
        ),
    );
  });
  const wanted = (list: readonly { name: string }[]) => new Set(list.map(({ name }) => name));
  const [networkNames, containerNames] = [wanted(desired.networks), wanted(desired.containers)];
  return {
    networks,
    containers,
    surplus: {
      networks: observed.networks.filter(({ name }) => !networkNames.has(name)),
      containers: observed.containers.filter(({ name }) => !containerNames.has(name)),
    },
  };
}

function step<Desired, Observed>(
  desired: Desired,
  hash: string,
  present: readonly Observed[],
  fits: (found: Observed) => boolean,
): Step<Desired, Observed> {
  const [only] = present;
  if (only === undefined) return { desired, hash, action: 'create', remove: [], keep: null };
  if (present.length === 1 && fits(only)) return { desired, hash, action: 'keep', remove: [], keep: only };
  return { desired, hash, action: 'change', remove: present, keep: null };
}

/** Hash of a definition that does not depend on the order of keys. 16 hex digits. */
export function definitionHash(definition: DesiredNetwork | DesiredContainer): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(definition)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
