import ipaddr from 'ipaddr.js';
import { type Family, familyOf } from './family.ts';
import type { AddressPlan, Place } from './plan-schema.ts';
import {
  type FirewallName,
  type HostName,
  isGateway,
  type LegName,
  legsOf,
  type MachineName,
  network,
  outermost,
  outsideOf,
  placeOf,
  type SubnetName,
  subnetNames,
} from './topology.ts';

export type { AddressPlan, Place } from './plan-schema.ts';

/** How many slots there are: 0 to `slotCount - 1`. */
export const slotCount = 100;

/** The ranges of a slot: the network's usual ones in slot 0, others of RFC 1918 and, for the outermost subnet, RFC 2544 in the others. */
export function addressPlan(slot: number): AddressPlan {
  if (!Number.isInteger(slot) || slot < 0 || slot >= slotCount)
    throw new RangeError(`Slot ${slot} does not exist; slots run from 0 to ${slotCount - 1}`);
  const { definition } = network();
  const inner = subnetNames().filter((name) => name !== outermost());
  const rangeIn = (name: SubnetName) => {
    const at = inner.indexOf(name);
    if (at < 0) return `198.18.${slot}.0/24`;
    return at < 2 ? `192.168.${28 + 2 * slot + at}.0/24` : `10.${190 + at}.${slot}.0/24`;
  };
  const subnets = Object.fromEntries(subnetNames().map((name) => [name, rangeIn(name)]));
  return { slot, subnets: slot === 0 ? definition.subnets : subnets };
}

/** The range of a subnet, in CIDR notation. */
export function rangeOf(plan: AddressPlan, subnet: SubnetName, family: Family = 'ipv4'): string {
  const cidr =
    family === 'ipv4'
      ? plan.subnets[subnet]
      : (plan.subnets6?.[subnet] ?? range6(subnetNames().indexOf(subnet) + 1));
  if (cidr === undefined) throw new Error(`The plan has no subnet ${subnet}`);
  return cidr;
}

/**
 * The IPv6 range of a subnet, by the subnet's number from 1. It is of the prefix for documentation (RFC 3849): of a name's addresses
 * programs prefer it to an IPv4 one, as they do any address of the Internet, but not a unique local one (RFC 6724 section 2.1). The same
 * in every slot, since only the lab's hosts know it.
 */
export function range6(number: number): string {
  return `2001:db8:0:${number.toString(16)}::/64`;
}

/** Address of host number `number` in a subnet of the plan. Throws RangeError if the subnet does not hold it. */
export function addressIn(
  plan: AddressPlan,
  subnet: SubnetName,
  number: number,
  family: Family = 'ipv4',
): string {
  return hostAddress(rangeOf(plan, subnet, family), number);
}

/** The subnet that a place is in. */
export function subnetOf(place: Place): SubnetName {
  return usualPlace(place).subnet;
}

/** Host number of a place under a plan. */
export function numberOf(plan: AddressPlan, place: Place): number {
  const { subnet, number } = usualPlace(place);
  return plan.numbers?.[place] ?? number ?? lastHostNumber(rangeOf(plan, subnet));
}

/** Subnet and usual host number; `null` for a gateway, which gets the last number. */
function usualPlace(place: Place): { readonly subnet: SubnetName; readonly number: number | null } {
  const [name = '', part] = place.split('/');
  if (name === 'gateway') return { subnet: part ?? '', number: null };
  if (part === undefined) return placeOf(name);
  const leg = legsOf(name)[part];
  if (leg === undefined) throw new Error(`${name} has no leg ${part}`);
  return leg;
}

/** Address of a place under a plan. Throws RangeError if the subnet does not hold it. */
export function addressAt(plan: AddressPlan, place: Place, family: Family = 'ipv4'): string {
  const own = family === 'ipv6' ? plan.addresses6?.[place] : undefined;
  return own ?? addressIn(plan, subnetOf(place), numberOf(plan, place), family);
}

/** The name of a firewall's interface. */
export function interfaceOf(plan: AddressPlan, name: FirewallName, leg: LegName): string {
  return plan.interfaces?.[name]?.[leg] ?? leg;
}

/** The names of all of a firewall's interfaces, in the order of its legs. */
export function interfacesOf(plan: AddressPlan, name: FirewallName): string[] {
  return Object.keys(legsOf(name)).map((leg) => interfaceOf(plan, name, leg));
}

/** The name of a client's or server's interface. */
export function hostInterfaceOf(plan: AddressPlan, host: MachineName): string {
  return plan.hostInterfaces?.[host] ?? 'eth0';
}

/**
 * Address of host number `number` in a CIDR. In an IPv6 one its digits are the last group: number 21 has `::21`. Throws RangeError if
 * an IPv4 CIDR does not hold it.
 */
export function hostAddress(cidr: string, number: number): string {
  if (familyOf(cidr) === 'ipv6') {
    const { parts } = ipaddr.IPv6.networkAddressFromCIDR(cidr);
    return new ipaddr.IPv6([...parts.slice(0, 7), Number.parseInt(String(number), 16)]).toString();
  }
  const [network] = ipaddr.IPv4.parseCIDR(cidr);
  const last = lastHostNumber(cidr);
  if (!Number.isInteger(number) || number < 1 || number > last)
    throw new RangeError(`Host number ${number} is outside subnet ${cidr}; use 1 to ${last}`);
  const value = addressNumber(network.toString()) + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** A CIDR's first and last address, as iptables writes ranges: `10.1.2.0-10.1.2.255`. */
export function wholeRange(cidr: string): string {
  if (familyOf(cidr) === 'ipv6')
    return `${ipaddr.IPv6.networkAddressFromCIDR(cidr)}-${ipaddr.IPv6.broadcastAddressFromCIDR(cidr)}`;
  return `${ipaddr.IPv4.networkAddressFromCIDR(cidr)}-${ipaddr.IPv4.broadcastAddressFromCIDR(cidr)}`;
}

/** An IPv4 address as a number, so that differences are host numbers. */
export function addressNumber(address: string): number {
  const octets = ipaddr.IPv4.parse(address).toByteArray();
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The highest host number of an IPv4 CIDR: 254 in a /24. Throws Error if the text is no CIDR. */
export function lastHostNumber(cidr: string): number {
  return 2 ** (32 - ipaddr.IPv4.parseCIDR(cidr)[1]) - 2;
}

/** The address of a client or server; of a firewall, its outside address. */
export function addressOf(plan: AddressPlan, host: HostName, family: Family = 'ipv4'): string {
  return isGateway(host) ? outsideAddress(plan, host, family) : addressAt(plan, host, family);
}

/** The address of one of a firewall's legs. */
export function legAddress(
  plan: AddressPlan,
  name: FirewallName,
  leg: LegName,
  family: Family = 'ipv4',
): string {
  return addressAt(plan, `${name}/${leg}`, family);
}

/** The address of the leg that leads out. */
export function outsideAddress(plan: AddressPlan, name: FirewallName, family: Family = 'ipv4'): string {
  return legAddress(plan, name, outsideOf(name), family);
}

/** The addresses of all of a firewall's legs, in their order. */
export function legAddresses(plan: AddressPlan, name: FirewallName, family: Family = 'ipv4'): string[] {
  return Object.keys(legsOf(name)).map((leg) => legAddress(plan, name, leg, family));
}

/** First pair of CIDRs that share an address, or `undefined`. */
export function firstOverlap(
  ours: readonly string[],
  theirs: readonly string[],
): [string, string] | undefined {
  for (const a of ours) for (const b of theirs) if (overlaps(a, b)) return [a, b];
  return undefined;
}

/** Whether a text is an address of either family; an IPv4 one in four parts. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Whether two CIDRs share an address. A bare address counts as one; those of different families share none. */
export function overlaps(a: string, b: string): boolean {
  if (familyOf(a) !== familyOf(b)) return false;
  const whole = familyOf(a) === 'ipv4' ? 32 : 128;
  const parse = (cidr: string) => ipaddr.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/${whole}`);
  const [[first, firstBits], [second, secondBits]] = [parse(a), parse(b)];
  return first.match(second, Math.min(firstBits, secondBits));
}
