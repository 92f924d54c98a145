import { isDeepStrictEqual } from 'node:util';
import type { UpResult } from './engine.ts';
import type { DesiredContainer, DesiredLab, DesiredNetwork } from './stack-file.ts';

/** What {@link difference} compares of a network. */
export type NetworkDefinition = Omit<DesiredNetwork, 'name'>;

/** A network as the engine has it. */
export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly definition: NetworkDefinition;
}

/** What {@link difference} compares of a container, apart from its image and its networks, which are compared by id, and
 * the limit of processes, which is set without replacing it. */
export type ContainerDefinition = Omit<
  DesiredContainer,
  'name' | 'image' | 'networks' | 'ready' | 'memorySwap'
>;

/** A container as Docker has it. `networks` maps the id of each attached network to the address there. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly running: boolean;
  /** Docker's word: `running`, `exited`, `created`, `paused`. */
  readonly state: string;
  readonly networks: ReadonlyMap<string, string>;
  /** Environment and labels include the image's own. */
  readonly definition: ContainerDefinition;
}

export interface ObservedLab {
  readonly networks: readonly ObservedNetwork[];
  readonly containers: readonly ObservedContainer[];
}

/** What a container has from its image. */
export interface ImageFacts {
  readonly id: string;
  readonly env: readonly string[];
  readonly labels: Record<string, string>;
}

/** What to do with one name. `remove` lists what stands in the way; `keep` is set if nothing is to be done. */
export interface NameStep<Desired, Observed> {
  readonly desired: Desired;
  readonly action: 'create' | 'change' | 'keep';
  /** What is not as desired, in words; empty unless `action` is `change`. */
  readonly because: readonly string[];
  readonly remove: readonly Observed[];
  readonly keep: Observed | null;
}

export interface Difference {
  readonly networks: readonly NameStep<DesiredNetwork, ObservedNetwork>[];
  readonly containers: readonly NameStep<DesiredContainer, ObservedContainer>[];
  /** What Docker has of this lab and the stack does not. */
  readonly surplus: ObservedLab;
}

/** How many hosts and networks bringing the lab up creates, changes, removes and leaves alone. */
export function tally(name: string, { networks, containers, surplus }: Difference): UpResult {
  const steps = [...networks, ...containers];
  const count = (action: NameStep<unknown, unknown>['action']) =>
    steps.filter((step) => step.action === action).length;
  return {
    name,
    created: count('create'),
    changed: count('change'),
    removed: surplus.networks.length + surplus.containers.length,
    unchanged: count('keep'),
  };
}

/**
 * What turns `observed` into `desired`. A network or container is left alone only where Docker shows what the stack asks
 * for, whoever made it, it stands alone under its name, and, for a container, it runs from today's image with the right
 * address in each network. If a network is replaced, so are its containers. `images` maps tags to what the engine has
 * under them now.
 */
export function difference(
  desired: DesiredLab,
  observed: ObservedLab,
  images: ReadonlyMap<string, ImageFacts>,
): Difference {
  const networks = desired.networks.map((network) =>
    step(network, observed.networks, (found) => networkDiffers(network, found)),
  );
  const networkIds = new Map(networks.map(({ desired: { name }, keep }) => [name, keep?.id]));
  const containers = desired.containers.map((container) =>
    step(container, observed.containers, (found) => [
      // Docker does not show the addresses of a container that does not run.
      ...(found.running ? legsDiffer(container, found, networkIds) : [`it is ${found.state}`]),
      ...containerDiffers(container, found, images.get(container.image)),
    ]),
  );
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

function step<Desired extends { readonly name: string }, Observed extends { readonly name: string }>(
  desired: Desired,
  observed: readonly Observed[],
  differs: (found: Observed) => string[],
): NameStep<Desired, Observed> {
  const present = observed.filter(({ name }) => name === desired.name);
  const [only] = present;
  if (only === undefined) return { desired, action: 'create', because: [], remove: [], keep: null };
  const because = present.length > 1 ? [`there are ${present.length} of that name`] : differs(only);
  if (because.length === 0) return { desired, action: 'keep', because, remove: [], keep: only };
  return { desired, action: 'change', because, remove: present, keep: null };
}

function networkDiffers(desired: DesiredNetwork, { definition }: ObservedNetwork): string[] {
  // If the stack names no gateway, Docker picks one.
  const ipam = definition.ipam.map(({ subnet, gateway }, index) => ({
    subnet,
    gateway: desired.ipam[index]?.gateway === null ? null : gateway,
  }));
  return unequal([
    ['driver', desired.driver, definition.driver],
    ['internal', desired.internal, definition.internal],
    ['options', desired.options, definition.options],
    ['addresses', desired.ipam, ipam],
    ['labels', desired.labels, definition.labels],
  ]);
}

function legsDiffer(
  { networks }: DesiredContainer,
  found: ObservedContainer,
  networkIds: ReadonlyMap<string, string | undefined>,
): string[] {
  if (networks.some(({ name }) => networkIds.get(name) === undefined)) return ['its network is replaced'];
  const attached = networks.every(
    ({ name, address }) => found.networks.get(networkIds.get(name) ?? '') === address,
  );
  return attached && found.networks.size === networks.length ? [] : ['networks'];
}

function containerDiffers(
  desired: DesiredContainer,
  { imageId, definition }: ObservedContainer,
  image: ImageFacts | undefined,
): string[] {
  const { capabilities, log } = definition;
  const env = definition.env.filter((entry) => desired.env.includes(entry) || !image?.env.includes(entry));
  const labels = Object.entries(definition.labels).filter(
    ([key, value]) => key in desired.labels || image?.labels[key] !== value,
  );
  return unequal([
    ['image', image?.id, imageId],
    ['hostname', desired.hostname ?? definition.hostname, definition.hostname],
    ['init', desired.init, definition.init],
    ['restart', desired.restart, definition.restart],
    ['capabilities', desired.capabilities.add.map(bare).sort(), capabilities.add.map(bare).sort()],
    ['security options', desired.security, definition.security],
    ['dropped capabilities', desired.capabilities.drop.map(bare).sort(), capabilities.drop.map(bare).sort()],
    ['read-only files', desired.readOnly, definition.readOnly],
    ['folders in memory', desired.tmpfs, definition.tmpfs],
    ['memory', desired.memory, definition.memory],
    ['resolvers', desired.dns, definition.dns],
    ['sysctls', desired.sysctls, definition.sysctls],
    ['environment', [...desired.env].sort(), [...env].sort()],
    ['hosts', pairs(desired.hosts), pairs(definition.hosts)],
    ['log', desired.log.driver === null ? log : desired.log, log],
    ['labels', desired.labels, Object.fromEntries(labels)],
  ]);
}

/** Docker and Terraform write a capability with or without its prefix. */
function bare(capability: string): string {
  return capability.replace(/^CAP_/, '');
}

function pairs(hosts: DesiredContainer['hosts']): string[] {
  return hosts.map(({ host, ip }) => `${host}:${ip}`).sort();
}

function unequal(rows: readonly (readonly [what: string, desired: unknown, observed: unknown])[]): string[] {
  return rows.filter(([, desired, observed]) => !isDeepStrictEqual(desired, observed)).map(([what]) => what);
}
