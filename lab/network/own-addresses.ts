import ipaddr from 'ipaddr.js';
import { LabError } from '../errors.ts';
import {
  type AddressPlan,
  addressAt,
  addressIn,
  addressNumber,
  lastHostNumber,
  numberOf,
  overlaps,
  type Place,
  rangeOf,
  subnetOf,
} from './address-plan.ts';
import { endNames, firewallNames, type HostName, legsOf, type SubnetName, subnetNames } from './topology.ts';

/** Addresses and interface names that the lab copies from the user's production. */
export interface OwnAddresses {
  /** Ranges in CIDR notation. */
  readonly subnets: Readonly<Record<SubnetName, string>>;
  /** IPv4 addresses of clients, servers and firewalls. */
  readonly addresses: Readonly<Record<Place, string>>;
  /** IPv6 ranges and addresses. Default: the lab's. */
  readonly subnets6?: Readonly<Record<SubnetName, string>>;
  readonly addresses6?: Readonly<Record<Place, string>>;
  readonly interfaces: NonNullable<AddressPlan['interfaces']>;
  /** What clients and servers call their one interface. Default: `eth0`. */
  readonly hostInterfaces?: NonNullable<AddressPlan['hostInterfaces']>;
  /** What hosts are called, for messages. Default: what the lab calls them. */
  readonly called?: Readonly<Record<HostName, string>>;
}

export const noOwnAddresses: OwnAddresses = { subnets: {}, addresses: {}, interfaces: {} };

/** A plan with the user's own ranges. */
export function ownSubnets(plan: AddressPlan, { subnets }: OwnAddresses): AddressPlan['subnets'] {
  return Object.assign({}, plan.subnets, subnets);
}

/**
 * A plan with the user's own addresses. A host whose usual number is taken or outside its subnet gets the next free
 * one. Throws LabError `usage`: `address-outside-subnet`, `subnet-too-small`. The stack rejects overlapping ranges and
 * an address given twice.
 */
export function withOwnAddresses(plan: AddressPlan, own: OwnAddresses): AddressPlan {
  const subnets = ownSubnets(plan, own);
  const ranged = { ...plan, subnets };
  const numbers = Object.assign({}, ...subnetNames().map((subnet) => numbersIn(subnet, ranged, own)));
  const { interfaces, hostInterfaces, subnets6 } = own;
  const placed = { ...ranged, numbers, interfaces, ...(hostInterfaces && { hostInterfaces }) };
  if (!subnets6 && !own.addresses6) return placed;
  const with6 = { ...placed, ...(subnets6 && { subnets6 }) };
  return { ...with6, addresses6: addresses6In(with6, own) };
}

/** Every place; gateways come last and take what is left. */
function places(): Place[] {
  return [
    ...firewallNames().flatMap((name) => Object.keys(legsOf(name)).map((leg) => `${name}/${leg}`)),
    ...endNames(),
    ...subnetNames().map((name) => `gateway/${name}`),
  ];
}

/** The hosts in one subnet whose numbers differ from the usual ones. */
function numbersIn(subnet: SubnetName, plan: AddressPlan, own: OwnAddresses): AddressPlan['numbers'] {
  const here = places().filter((place) => subnetOf(place) === subnet);
  const last = lastHostNumber(rangeOf(plan, subnet));
  if (here.length > last) throw tooSmall(subnet, rangeOf(plan, subnet), last, here.length);
  const numbers = new Map<Place, number>();
  const taken = new Set<number>();
  const place = (what: Place, number: number) => {
    numbers.set(what, number);
    taken.add(number);
  };
  for (const what of here) {
    const address = own.addresses[what];
    if (address !== undefined) place(what, numberIn(plan, subnet, address, nameOf(what, own)));
  }
  // Hosts that can keep their usual number keep it; then the others move.
  const others = here.filter((what) => !numbers.has(what));
  for (const what of others) {
    const usual = numberOf(plan, what);
    if (usual <= last && !taken.has(usual)) place(what, usual);
  }
  for (const what of others) {
    if (numbers.has(what)) continue;
    const step = what.startsWith('gateway/') ? -1 : 1;
    let number = step === 1 ? 1 : last;
    while (taken.has(number)) number += step;
    place(what, number);
  }
  return Object.fromEntries([...numbers].filter(([what, number]) => number !== numberOf(plan, what)));
}

/** The IPv6 addresses that hosts have not by their number: those given, and others for hosts whose own one was given away. */
function addresses6In(plan: AddressPlan, own: OwnAddresses): NonNullable<AddressPlan['addresses6']> {
  const given = own.addresses6 ?? {};
  for (const [place, address] of Object.entries(given)) {
    const range = rangeOf(plan, subnetOf(place), 'ipv6');
    if (!overlaps(range, address))
      throw outside(nameOf(place, own), address, subnetOf(place), range, `${around6(address)}/64`);
  }
  const taken = new Set(Object.values(given));
  const others = places().filter((place) => !(place in given) && !place.startsWith('gateway/'));
  const displaced = others.filter((place) => taken.has(addressAt(plan, place, 'ipv6')));
  for (const place of others) taken.add(addressAt(plan, place, 'ipv6'));
  const moved = displaced.map((place) => {
    let number = 1;
    while (taken.has(addressIn(plan, subnetOf(place), number, 'ipv6'))) number++;
    const address = addressIn(plan, subnetOf(place), number, 'ipv6');
    taken.add(address);
    return [place, address] as const;
  });
  return { ...given, ...Object.fromEntries(moved) };
}

function outside(name: string, address: string, subnet: SubnetName, range: string, around: string): LabError {
  return new LabError(
    'usage',
    'address-outside-subnet',
    `${name} cannot have ${address}: it is outside subnet ${subnet} (${range})`,
    `Give the subnet its range from production, such as --subnet ${subnet}=${around}.`,
  );
}

/** The first address of an address' /64. */
function around6(address: string): string {
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString();
}

function numberIn(plan: AddressPlan, subnet: SubnetName, address: string, name: string): number {
  const cidr = rangeOf(plan, subnet);
  const number = overlaps(cidr, address)
    ? addressNumber(address) - addressNumber(cidr.split('/')[0] ?? '')
    : 0;
  if (number >= 1 && number <= lastHostNumber(cidr)) return number;
  if (!overlaps(cidr, address)) throw outside(name, address, subnet, cidr, rangeAround(address));
  throw new LabError(
    'usage',
    'address-outside-subnet',
    `${name} cannot have ${address}: no host has the first or the last address of a subnet`,
    `Give the subnet its range from production, such as --subnet ${subnet}=${rangeAround(address)}.`,
  );
}

/** The /24 of an address. */
function rangeAround(address: string): string {
  return `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/24`)}/24`;
}

/** A place's name for people. */
function nameOf(place: Place, { called = {} }: OwnAddresses): string {
  const [host = '', part] = place.split('/');
  const name = called[host as HostName] ?? host;
  if (part === undefined) return name;
  return name === 'gateway' ? "Docker's gateway" : `${name} ${part}`;
}

function tooSmall(subnet: SubnetName, cidr: string, room: number, needed: number): LabError {
  return new LabError(
    'usage',
    'subnet-too-small',
    `Subnet ${subnet} (${cidr}) has room for ${Math.max(0, room)} hosts, but ${needed} addresses are needed there`,
    'Give it a larger range that contains the same addresses; it may be larger than in production.',
  );
}
