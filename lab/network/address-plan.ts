import ipaddr from 'ipaddr.js';
import type { AddressPlan, Place, Side } from './plan-schema.ts';
import {
  type ClientName,
  type FirewallName,
  firewalls,
  type HostName,
  type MachineName,
  placeOf,
  type ServerName,
  type SubnetName,
} from './topology.ts';

export type { AddressPlan, Place, Side } from './plan-schema.ts';

/** How many slots there are: 0 to `slotCount - 1`. */
export const slotCount = 100;

export function addressPlan(slot: number): AddressPlan {
  if (!Number.isInteger(slot) || slot < 0 || slot >= slotCount)
    throw new RangeError(`Slot ${slot} does not exist; slots run from 0 to ${slotCount - 1}`);
  if (slot === 0)
    return {
      slot,
      subnets: { x: '192.168.10.0/24', y: '192.168.20.0/24', external: '198.51.100.0/24' },
    };
  return {
    slot,
    subnets: {
      x: `192.168.${28 + 2 * slot}.0/24`,
      y: `192.168.${29 + 2 * slot}.0/24`,
      external: `198.18.${slot}.0/24`,
    },
  };
}

/** Address of host number `number` in a subnet of the plan. Throws RangeError if the subnet does not hold it. */
export function addressIn(plan: AddressPlan, subnet: SubnetName, number: number): string {
  return hostAddress(plan.subnets[subnet], number);
}

/** The subnet that a place is in. */
export function subnetOf(place: Place): SubnetName {
  return usualPlace(place).subnet;
}

/** Host number of a place under a plan. */
export function numberOf(plan: AddressPlan, place: Place): number {
  const { subnet, number } = usualPlace(place);
  return plan.numbers?.[place] ?? number ?? lastHostNumber(plan.subnets[subnet]);
}

/** Subnet and usual host number; `null` for a gateway, which gets the last number. */
function usualPlace(place: Place): { readonly subnet: SubnetName; readonly number: number | null } {
  const [name, part] = place.split('/');
  if (name === 'gateway') return { subnet: part as SubnetName, number: null };
  if (part !== undefined) return firewalls[name as FirewallName][part as Side];
  return placeOf(place as ClientName | ServerName);
}

/** Address of a place under a plan. Throws RangeError if the subnet does not hold it. */
function addressAt(plan: AddressPlan, place: Place): string {
  return addressIn(plan, subnetOf(place), numberOf(plan, place));
}

/** The name of a firewall's interface. */
export function interfaceOf(plan: AddressPlan, name: FirewallName, side: Side): string {
  return plan.interfaces?.[name]?.[side] ?? side;
}

/** The name of a client's or server's interface. */
export function hostInterfaceOf(plan: AddressPlan, host: MachineName): string {
  return plan.hostInterfaces?.[host] ?? 'eth0';
}

/** Address of host number `number` in an IPv4 CIDR. Throws RangeError if the CIDR does not hold it. */
export function hostAddress(cidr: string, number: number): string {
  const [network] = ipaddr.IPv4.parseCIDR(cidr);
  const last = lastHostNumber(cidr);
  if (!Number.isInteger(number) || number < 1 || number > last)
    throw new RangeError(`Host number ${number} is outside subnet ${cidr}; use 1 to ${last}`);
  const value = addressNumber(network.toString()) + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
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
export function addressOf(plan: AddressPlan, host: HostName): string {
  if (host in firewalls) return firewallAddress(plan, host as FirewallName, 'outside');
  return addressAt(plan, host as ClientName | ServerName);
}

export function firewallAddress(plan: AddressPlan, name: FirewallName, side: Side): string {
  return addressAt(plan, `${name}/${side}`);
}

/** First pair of CIDRs that share an address, or `undefined`. */
export function firstOverlap(
  ours: readonly string[],
  theirs: readonly string[],
): [string, string] | undefined {
  for (const a of ours) for (const b of theirs) if (overlaps(a, b)) return [a, b];
  return undefined;
}

/** Whether two IPv4 CIDRs share an address. A bare address counts as a /32; IPv6 never overlaps. */
export function overlaps(a: string, b: string): boolean {
  if (a.includes(':') || b.includes(':')) return false;
  const parse = (cidr: string) => ipaddr.IPv4.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/32`);
  const [[first, firstBits], [second, secondBits]] = [parse(a), parse(b)];
  return first.match(second, Math.min(firstBits, secondBits));
}
