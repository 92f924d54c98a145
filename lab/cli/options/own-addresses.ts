import type { Command } from 'commander';
import ipaddr from 'ipaddr.js';
import { LabError } from '../../errors.ts';
import { called, hostMeant, type Names } from '../../model/names.ts';
import type { Place, Side } from '../../network/address-plan.ts';
import type { OwnAddresses } from '../../network/own-addresses.ts';
import { isGateway, type RulesPlace, type SubnetName, subnetNames } from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import { cidr } from '../../policy/peers.ts';
import { collectNamed, type Named, named } from './names.ts';

export interface AddressOptions {
  readonly inside?: Named;
  readonly outside?: Named;
  readonly subnet?: Named[];
  readonly interface?: string;
}

/** Adds the options that give the lab addresses and interfaces from the user's production. */
export function addAddressOptions(command: Command): Command {
  const side = (faces: string) => `the name and address of its interface towards ${faces}`;
  return command
    .option('--inside <name[=address]>', side('the subnet'), named)
    .option('--outside <name[=address]>', side('External'), named)
    .option('--interface <name>', 'the name of the interface of a client or server (with --on)')
    .option('--subnet <name=range>', 'the range of x, y or external (may be given again)', collectNamed);
}

/**
 * The addresses that options set: `hosts` are clients and servers, and the interfaces are those of the place `firewall`. Throws
 * LabError `usage` for a malformed address, range or interface name.
 */
export function ownAddressesOf(
  { inside, outside, subnet = [], interface: own }: AddressOptions,
  hosts: readonly Named[],
  firewall: RulesPlace,
  callings: Names,
): OwnAddresses {
  const subnets: Partial<Record<SubnetName, string>> = {};
  for (const { name, value } of subnet) {
    const known = oneOf('subnet', name, subnetNames);
    if (value === undefined)
      throw new LabError('usage', 'range-missing', `--subnet ${name} has no range`, rangeHint(name));
    const range = cidr(value);
    if (range.kind === 'cidr') subnets[known] = range.cidr;
  }
  const addresses: Partial<Record<Place, string>> = {};
  for (const { name, value } of hosts)
    if (value !== undefined) addresses[hostMeant(name, callings) as Place] = address(name, value);
  if (!isGateway(firewall)) {
    if (inside ?? outside)
      throw new LabError(
        'usage',
        'option-not-applicable',
        `--inside and --outside do not apply to ${called(firewall, callings)}, which has one interface`,
        `Name it by --interface NAME, and give its address by --host ${called(firewall, callings)}=ADDRESS.`,
      );
    const hostInterfaces = own === undefined ? {} : { [firewall]: interfaceName('interface', own) };
    return { subnets, addresses, interfaces: {}, hostInterfaces, called: callings };
  }
  if (own !== undefined)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--interface does not apply to ${called(firewall, callings)}, which has two interfaces`,
      'Name them by --inside NAME and --outside NAME; --interface is for the one of a client or server (--on HOST).',
    );
  const sides = (['inside', 'outside'] as const).map((side) => [side, { inside, outside }[side]] as const);
  const names: Partial<Record<Side, string>> = {};
  for (const [side, given] of sides) {
    if (given === undefined) continue;
    names[side] = interfaceName(side, given.name);
    if (given.value !== undefined) addresses[`${firewall}/${side}`] = address(`--${side}`, given.value);
  }
  if ((names.inside ?? 'inside') === (names.outside ?? 'outside'))
    throw new LabError(
      'usage',
      'interfaces-alike',
      `The two interfaces of ${called(firewall, callings)} cannot both be called ${names.inside}`,
    );
  return {
    subnets,
    addresses,
    interfaces: Object.keys(names).length > 0 ? { [firewall]: names } : {},
    called: callings,
  };
}

function rangeHint(name: string): string {
  return `Write it as --subnet ${name}=10.1.2.0/24.`;
}

function address(whose: string, text: string): string {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text;
  throw new LabError(
    'usage',
    'address-malformed',
    `${whose} cannot have the address "${text}": that is not an IPv4 address`,
    'Write it as 10.1.2.3.',
  );
}

/** A name that Linux accepts for a network device and that has no other meaning. */
function interfaceName(side: Side | 'interface', name: string): string {
  const taken = ['lo', '.', '..', 'all', 'default', 'lab-inside', 'lab-outside'];
  if (/^[!-~]{1,15}$/.test(name) && !/[/:%"'\\$`,;+]/.test(name) && !taken.includes(name)) return name;
  throw new LabError(
    'usage',
    'interface-name-malformed',
    `--${side} cannot be called "${name}"`,
    'An interface has a name of at most 15 characters, such as eth1, ppp0 or bond0.20.',
  );
}
