/*
 * A network with what follows from its definition. It is a tree: one subnet is outermost, each firewall's outside leg leads out, and each
 * other subnet is behind one firewall.
 */
import { LabError } from '../errors.ts';
import { firstRepeated } from '../list.ts';
import type { FirewallDefinition, HostDefinition, NetworkDefinition } from './definition.ts';

/** What the leg that leads out is called, unless a firewall says otherwise. */
const usualOutside = 'outside';

/** The leg of a firewall that leads out. */
export function outsideLeg({ outside = usualOutside }: FirewallDefinition): string {
  return outside;
}

/** Whether a host uploads. */
export function isClient({ image, uploads }: HostDefinition): boolean {
  return image === 'client' || uploads === true;
}

/** Whether a host runs an FTP server. */
export function isServer({ image }: HostDefinition): boolean {
  return image !== 'client';
}

/** A checked definition. */
export interface Network {
  readonly definition: NetworkDefinition;
  /** The subnet that no firewall guards: customers, public servers. */
  readonly outermost: string;
  /** The firewall that guards each of the other subnets. */
  readonly guards: ReadonlyMap<string, string>;
}

/** A network from its definition. Throws LabError `network-malformed`, which says what is wrong with it. */
export function networkFrom(definition: NetworkDefinition): Network {
  const { subnets, firewalls, hosts, staged = {} } = definition;
  if (Object.keys(subnets).length === 0) throw malformed('It has no subnet');
  const names = [subnets, firewalls, hosts, staged].flatMap((each) => Object.keys(each));
  const twice = firstRepeated(names);
  if (twice !== undefined) throw malformed(`Two things are called "${twice}". Give each a name of its own`);
  const reserved = names.find((name) => ['all', 'tls', 'ipv6', 'name', 'gateway'].includes(name));
  if (reserved !== undefined)
    throw malformed(`Nothing can be called "${reserved}", which means something else`);
  const known = (subnet: string, what: string) => {
    if (!Object.hasOwn(subnets, subnet))
      throw malformed(
        `${what} is in the subnet "${subnet}", which does not exist. There are: ${Object.keys(subnets).join(', ')}`,
      );
  };
  for (const [name, { subnet }] of Object.entries(hosts)) known(subnet, name);
  for (const [name, { on }] of Object.entries(staged)) {
    const machine = Object.hasOwn(hosts, on) ? hosts[on] : undefined;
    if (machine === undefined || !isServer(machine))
      throw malformed(`${name} is to run on "${on}", which is no server`);
  }
  const guards = new Map<string, string>();
  for (const [name, firewall] of Object.entries(firewalls)) {
    const legs = Object.entries(firewall.legs);
    const outside = outsideLeg(firewall);
    for (const [leg, { subnet }] of legs) known(subnet, `${name}'s leg ${leg}`);
    if (!Object.hasOwn(firewall.legs, outside))
      throw malformed(`${name} has no leg "${outside}"; name the one that leads out: outside: "LEG"`);
    if (legs.length < 2) throw malformed(`${name} has one leg; a firewall joins at least two subnets`);
    for (const [leg, { subnet }] of legs) {
      if (leg === outside) continue;
      const other = guards.get(subnet);
      if (other !== undefined)
        throw malformed(
          `Both ${other} and ${name} have "${subnet}" behind them; one firewall guards a subnet`,
        );
      guards.set(subnet, name);
    }
  }
  const open = Object.keys(subnets).filter((subnet) => !guards.has(subnet));
  const [outermost] = open;
  if (outermost === undefined || open.length > 1)
    throw malformed(
      open.length > 1
        ? `Nothing joins ${open.join(' and ')}: all but one subnet must be behind a firewall`
        : 'Every subnet is behind a firewall; one must be outermost, as the Internet is',
    );
  const network = { definition, outermost, guards };
  for (const subnet of guards.keys()) refuseCircle(network, subnet);
  refuseTwins(definition);
  if (!Object.values(hosts).some(isServer))
    throw malformed('It has no FTP server: give a host the image vsftpd, proftpd or pure-ftpd');
  if (!Object.values(hosts).some(isClient)) throw malformed('It has no client: give a host the image client');
  return network;
}

function refuseCircle(network: Network, from: string): void {
  const seen = [from];
  for (let at = parentOf(network, from); at !== undefined; at = parentOf(network, at)) {
    if (seen.includes(at))
      throw malformed(`${seen.join(', ')} are behind each other; firewalls must lead out`);
    seen.push(at);
  }
}

/** Refuses a host number that two have in one subnet. */
function refuseTwins({ firewalls, hosts, staged = {} }: NetworkDefinition): void {
  const owners = new Map<string, string>();
  const claim = (owner: string, subnet: string, number: number) => {
    const other = owners.get(`${subnet} ${number}`);
    if (other !== undefined)
      throw malformed(`${other} and ${owner} both have the number ${number} in ${subnet}`);
    owners.set(`${subnet} ${number}`, owner);
  };
  for (const [name, { legs }] of Object.entries(firewalls))
    for (const [leg, { subnet, number }] of Object.entries(legs))
      claim(`${name}'s leg ${leg}`, subnet, number);
  for (const [name, { subnet, number }] of Object.entries(hosts)) claim(name, subnet, number);
  for (const [name, { on, number }] of Object.entries(staged)) claim(name, hosts[on]?.subnet ?? '', number);
}

/** The subnet into which the firewall of another leads; `undefined` for the outermost. */
export function parentOf({ definition, guards }: Network, subnet: string): string | undefined {
  const guard = definition.firewalls[guards.get(subnet) ?? ''];
  return guard?.legs[outsideLeg(guard)]?.subnet;
}

/** A subnet and those that one passes on the way out, the outermost last. */
export function wayOut(network: Network, subnet: string): string[] {
  const parent = parentOf(network, subnet);
  return [subnet, ...(parent === undefined ? [] : wayOut(network, parent))];
}

/** The firewalls that packets from one subnet to another cross, in order. */
export function firewallsOnWay(network: Network, from: string, to: string): string[] {
  const [up, down] = [wayOut(network, from), wayOut(network, to)];
  const guardsOf = (way: readonly string[], other: readonly string[]) =>
    way.filter((subnet) => !other.includes(subnet)).flatMap((subnet) => network.guards.get(subnet) ?? []);
  // Two legs of one firewall: it is crossed once.
  return [...new Set([...guardsOf(up, down), ...guardsOf(down, up).reverse()])];
}

/** Says what is wrong with a network. */
export function malformed(message: string, cause?: unknown): LabError {
  return new LabError(
    'usage',
    'network-malformed',
    message,
    'docs/networks.md shows how a network is described.',
    cause === undefined ? {} : { cause },
  );
}
