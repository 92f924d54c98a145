import type { Command } from 'commander';
import ipaddr from 'ipaddr.js';
import { LabError } from '../../errors.ts';
import { firstRepeated } from '../../list.ts';
import { called, everyPlace, hostMeant, type Names } from '../../model/names.ts';
import type { Place } from '../../network/address-plan.ts';
import { familyOf } from '../../network/family.ts';
import type { OwnAddresses } from '../../network/own-addresses.ts';
import {
  insidesOf,
  isGateway,
  type LegName,
  legsOf,
  outsideOf,
  placeOf,
  type RulesPlace,
  type SubnetName,
  subnetNames,
} from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import { cidr } from '../../policy/peers.ts';
import { collectNamed, type Named, named } from './names.ts';

export interface AddressOptions {
  readonly inside?: Named;
  readonly outside?: Named;
  readonly subnet?: Named[];
  readonly interface?: string[];
}

/** Adds the options that give the lab addresses and interfaces from the user's production. */
export function addAddressOptions(command: Command): Command {
  const side = (faces: string) => `the name and address of its interface towards ${faces}`;
  return command
    .option('--inside <name[=address]>', side('the subnet'), named)
    .option('--outside <name[=address]>', side('External'), named)
    .option(
      '--interface <name[=subnet[=address]]>',
      'the name of an interface, the subnet that it is in, and its address (may be given again)',
      collectWords,
    )
    .option(
      '--subnet <name=range>',
      'the range of a subnet: x, y or external (may be given again, also for IPv6)',
      collectNamed,
    );
}

/** Parses a repeatable option. */
function collectWords(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}

/** An interface as the user names it. */
interface NamedInterface {
  readonly name: string;
  readonly subnet: SubnetName | undefined;
  readonly address: string | undefined;
}

function interfaceFrom(text: string): NamedInterface {
  const [name = '', subnet, ip, ...more] = text.split('=');
  if (more.length > 0)
    throw new LabError(
      'usage',
      'interface-malformed',
      `--interface ${text} says too much`,
      'Write a name, its subnet and its address: --interface eth1=y=10.1.2.1.',
    );
  return {
    name: interfaceName('interface', name),
    subnet: subnet === undefined ? undefined : oneOf('subnet', subnet, subnetNames()),
    address: ip === undefined ? undefined : address(`--interface ${name}`, ip),
  };
}

/**
 * The addresses that options set: `hosts` are clients and servers, and the interfaces are those of the place `firewall`, if that is known. Throws
 * LabError `usage` for a malformed address, range or interface name.
 */
export function ownAddressesOf(
  { inside, outside, subnet = [], interface: own = [] }: AddressOptions,
  hosts: readonly Named[],
  firewall: RulesPlace | undefined,
  callings: Names,
): OwnAddresses {
  const subnets: Record<SubnetName, string> = {};
  const subnets6: Record<SubnetName, string> = {};
  for (const { name, value } of subnet) {
    const known = oneOf('subnet', name, subnetNames());
    if (value === undefined)
      throw new LabError('usage', 'range-missing', `--subnet ${name} has no range`, rangeHint(name));
    if (familyOf(value) === 'ipv6') {
      subnets6[known] = cidr6(name, value);
      continue;
    }
    const range = cidr(value);
    if (range.kind === 'cidr') subnets[known] = range.cidr;
  }
  const addresses: Record<Place, string> = {};
  const addresses6: Record<Place, string> = {};
  const give = (place: Place, ip: string | undefined) => {
    if (ip !== undefined) (familyOf(ip) === 'ipv6' ? addresses6 : addresses)[place] = ip;
  };
  for (const { name, value } of hosts)
    if (value !== undefined) give(hostMeant(name, callings), address(name, value));
  const all = () => ({
    subnets,
    addresses,
    ...(Object.keys(subnets6).length > 0 && { subnets6 }),
    ...(Object.keys(addresses6).length > 0 && { addresses6 }),
    called: callings,
  });
  const given = own.map(interfaceFrom);
  if (firewall === undefined) {
    if (given.length === 0 && !inside && !outside) return { ...all(), interfaces: {} };
    throw new LabError(
      'usage',
      'place-unsaid',
      'Whose interfaces are these? The network has no firewall, or several',
      `Name the place: ${everyPlace(callings)}.`,
    );
  }
  if (!isGateway(firewall)) {
    const name = hostInterface(given, { inside, outside }, firewall, callings);
    for (const one of given) give(firewall, one.address);
    const hostInterfaces = name === undefined ? {} : { [firewall]: name };
    return { ...all(), interfaces: {}, hostInterfaces };
  }
  const names: Record<LegName, string> = {};
  for (const { leg, name, address } of legsGiven(given, { inside, outside }, firewall, callings)) {
    names[leg] = name;
    give(`${firewall}/${leg}`, address);
  }
  refuseAlike(firewall, names, callings);
  return { ...all(), interfaces: Object.keys(names).length > 0 ? { [firewall]: names } : {} };
}

interface Sides {
  readonly inside: Named | undefined;
  readonly outside: Named | undefined;
}

/** The name of the one interface of a client or server, which may be named with an address of each version of IP. */
function hostInterface(
  all: readonly NamedInterface[],
  { inside, outside }: Sides,
  host: RulesPlace,
  callings: Names,
): string | undefined {
  const [given] = all;
  const name = called(host, callings);
  if (inside ?? outside)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--inside and --outside do not apply to ${name}, which has one interface`,
      `Name it by --interface NAME, and give its address by --host ${name}=ADDRESS.`,
    );
  const { subnet } = placeOf(host);
  const names = new Set(all.map((one) => one.name));
  if (names.size > 1 || repeatsAddress(all))
    throw new LabError(
      'usage',
      'option-not-applicable',
      `${name} has one interface, and ${all.length} are named`,
    );
  if (given?.subnet !== undefined && given.subnet !== subnet)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `${name}'s interface is in ${subnet}, not in ${given.subnet}`,
    );
  return given?.name;
}

/** Whether an interface that is named again has no address then, or another of the same version of IP. */
function repeatsAddress(given: readonly { readonly address: string | undefined }[]): boolean {
  if (given.length < 2) return false;
  const families = given.map(({ address }) => address && familyOf(address));
  return families.includes(undefined) || new Set(families).size < families.length;
}

/** A firewall's interfaces by leg. */
function legsGiven(
  given: readonly NamedInterface[],
  sides: Sides,
  firewall: RulesPlace,
  callings: Names,
): { readonly leg: LegName; readonly name: string; readonly address: string | undefined }[] {
  const [inside = '', ...further] = insidesOf(firewall);
  if (sides.inside && further.length > 0)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--inside does not say which of ${called(firewall, callings)}'s interfaces it names`,
      `Name each with its subnet: ${subnetsOf(firewall)
        .map((subnet) => `--interface NAME=${subnet}`)
        .join(' ')}.`,
    );
  const bySide = (
    [
      ['inside', inside],
      ['outside', outsideOf(firewall)],
    ] as const
  ).flatMap(([side, leg]) => {
    const own = sides[side];
    if (own === undefined) return [];
    const ip = own.value === undefined ? undefined : address(`--${side}`, own.value);
    return [{ leg, name: interfaceName(side, own.name), address: ip }];
  });
  const bySubnet = given.map(({ name, subnet, address }) => {
    if (subnet === undefined)
      throw new LabError(
        'usage',
        'option-not-applicable',
        `--interface ${name} does not say which of ${called(firewall, callings)}'s interfaces it is`,
        `Name the subnet that it is in: ${subnetsOf(firewall)
          .map((one) => `--interface ${name}=${one}`)
          .join(' or ')}.`,
      );
    const [leg] = Object.entries(legsOf(firewall)).find(([, joins]) => joins.subnet === subnet) ?? [];
    if (leg === undefined)
      throw new LabError(
        'usage',
        'option-not-applicable',
        `${called(firewall, callings)} has no interface in ${subnet}; it joins ${subnetsOf(firewall).join(', ')}`,
        'docs/networks.md shows how a network of your own is described.',
      );
    return { leg, name, address };
  });
  const all = [...bySide, ...bySubnet];
  const twice = all.find(({ leg, name }) => {
    const same = all.filter((other) => other.leg === leg);
    return repeatsAddress(same) || same.some((other) => other.name !== name);
  });
  if (twice)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `The interface of ${called(firewall, callings)} in ${legsOf(firewall)[twice.leg]?.subnet} is named twice`,
    );
  return all;
}

function subnetsOf(firewall: RulesPlace): SubnetName[] {
  return Object.values(legsOf(firewall)).map(({ subnet }) => subnet);
}

function refuseAlike(firewall: RulesPlace, names: Readonly<Record<LegName, string>>, callings: Names): void {
  const all = Object.keys(legsOf(firewall)).map((leg) => names[leg] ?? leg);
  const twin = firstRepeated(all);
  if (twin === undefined) return;
  throw new LabError(
    'usage',
    'interfaces-alike',
    `The ${all.length === 2 ? 'two ' : ''}interfaces of ${called(firewall, callings)} cannot both be called ${twin}`,
  );
}

function rangeHint(name: string): string {
  return `Write it as --subnet ${name}=10.1.2.0/24.`;
}

/** An IPv6 range in which hosts' numbers have room. */
function cidr6(name: SubnetName, text: string): string {
  const isRange = ipaddr.IPv6.isValidCIDR(text);
  const [, length = ''] = text.split('/');
  if (isRange && Number(length) <= 112) return `${ipaddr.IPv6.networkAddressFromCIDR(text)}/${length}`;
  throw new LabError(
    'usage',
    'range-malformed',
    `Subnet ${name} cannot have the range "${text}": ${isRange ? "it has no room for the lab's hosts" : 'that is not an IPv6 range'}`,
    `Write it as --subnet ${name}=2001:db8:aa::/64.`,
  );
}

function address(whose: string, text: string): string {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text;
  if (text.includes(':') && ipaddr.IPv6.isValid(text)) return ipaddr.parse(text).toString();
  throw new LabError(
    'usage',
    'address-malformed',
    `${whose} cannot have the address "${text}": that is not an IP address`,
    'Write it as 10.1.2.3, or as 2001:db8::3.',
  );
}

/** A name that Linux accepts for a network device and that has no other meaning. */
function interfaceName(side: 'inside' | 'outside' | 'interface', name: string): string {
  const taken = ['lo', '.', '..', 'all', 'default'];
  if (
    !name.startsWith('lab-leg') &&
    /^[!-~]{1,15}$/.test(name) &&
    !/[/:%"'\\$`,;+]/.test(name) &&
    !taken.includes(name)
  )
    return name;
  throw new LabError(
    'usage',
    'interface-name-malformed',
    `--${side} cannot be called "${name}"`,
    'An interface has a name of at most 15 characters, such as eth1, ppp0 or bond0.20.',
  );
}
