import ipaddr from 'ipaddr.js';
import {
  type ClientName,
  type FirewallName,
  firewalls,
  type HostName,
  placeOf,
  type ServerName,
  type SubnetName,
} from './topology.ts';

/**
 * Which /24 each subnet has. Labs side by side on one engine have different slots, hence different addresses.
 * Slot 0 uses 192.168.10.0/24, 192.168.20.0/24 and 198.51.100.0/24 (TEST-NET-2, RFC 5737); the others use
 * 192.168.30.0/24 and up with 198.18.n.0/24 (RFC 2544).
 */
export interface AddressPlan {
  readonly slot: number;
  /** CIDR notation, prefix length 24. */
  readonly subnets: Record<SubnetName, string>;
}

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

/** Address of host number `number` in a subnet of the plan. Throws RangeError where the subnet does not hold it. */
export function addressIn(plan: AddressPlan, subnet: SubnetName, number: number): string {
  return hostAddress(plan.subnets[subnet], number);
}

/** Address of host number `number` in an IPv4 CIDR. Throws RangeError where the CIDR does not hold it. */
export function hostAddress(cidr: string, number: number): string {
  const [network] = ipaddr.IPv4.parseCIDR(cidr);
  const last = lastHostNumber(cidr);
  if (!Number.isInteger(number) || number < 1 || number > last)
    throw new RangeError(`Host number ${number} is outside subnet ${cidr}; use 1 to ${last}`);
  const octets = network.toByteArray();
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0) + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** The highest host number of an IPv4 CIDR: 254 in a /24. Throws Error for what is no CIDR. */
export function lastHostNumber(cidr: string): number {
  return 2 ** (32 - ipaddr.IPv4.parseCIDR(cidr)[1]) - 2;
}

/** Address of a client or server; of a firewall, its outside address. */
export function addressOf(plan: AddressPlan, host: HostName): string {
  if (host in firewalls) return firewallAddress(plan, host as FirewallName, 'outside');
  const { subnet, number } = placeOf(host as ClientName | ServerName);
  return addressIn(plan, subnet, number);
}

export function firewallAddress(plan: AddressPlan, name: FirewallName, side: 'inside' | 'outside'): string {
  const { subnet, number } = firewalls[name][side];
  return addressIn(plan, subnet, number);
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
  const parse = (cidr: string) =>
    ipaddr.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`);
  const [first, second] = [parse(a), parse(b)];
  if (first[0].kind() !== 'ipv4' || second[0].kind() !== 'ipv4') return false;
  const bits = Math.min(first[1], second[1]);
  return first[0].match(second[0], bits);
}
