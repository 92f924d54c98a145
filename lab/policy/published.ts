/* Where clients outside a firewall call a server behind it: what DNAT rules of the firewall publish. */
import ipaddr from 'ipaddr.js';
import type { FirewallRules } from '../model/rule-set.ts';
import {
  type AddressPlan,
  addressOf,
  interfaceOf,
  outsideAddress,
  overlaps,
  rangeOf,
  subnetOf,
} from '../network/address-plan.ts';
import {
  allServerNames,
  endNames,
  type FirewallName,
  firewallNames,
  guardOf,
  outsideOf,
  type PortRange,
  portOf,
  type ServerName,
} from '../network/topology.ts';
import type { SavedTable } from './iptables-save.ts';
import { affirmed, targetOf, valuesOf } from './iptables-syntax.ts';
import { isOneOf, namedInterfaces, reachedFrom } from './upload-path.ts';

/** Where a server's control connection is called. */
export interface CalledAt {
  /** IPv4. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/**
 * The servers behind a firewall that its rules publish, each with the first place at which it is published (iptables-extensions(8),
 * DNAT): the firewall's outside address, or the one that the rule names. Jumps count as taken, whatever they match.
 */
export function publishedBy(
  tables: readonly SavedTable[],
  plan: AddressPlan,
  firewall: FirewallName,
): ReadonlyMap<ServerName, CalledAt> {
  const nat = tables.find(({ name }) => name === 'nat');
  const published = new Map<ServerName, CalledAt>();
  if (!nat) return published;
  const { device: outside, address: ownAddress, range } = outsideOfFirewall(plan, firewall);
  const others = everybody(plan);
  const reached = reachedFrom(nat, ['PREROUTING']);
  const behind = allServerNames().filter((server) => guardOf(server) === firewall);
  for (const { chain, options } of nat.rules) {
    const own = affirmed(options);
    if (!reached.has(chain) || targetOf(options) !== 'DNAT') continue;
    if (!namedInterfaces(own).every((name) => isOneOf(name, [outside]))) continue;
    const ranges = valuesOf(own, '-d', '--destination');
    const [named = ''] = ranges.map((range) => range.replace(/\/32$/, ''));
    const further = ipaddr.IPv4.isValidFourPartDecimal(named) && !others.has(named);
    const address = further && overlaps(range, named) ? named : ownAddress;
    if (!ranges.every((range) => overlaps(range, address))) continue;
    const [target = ''] = valuesOf(own, '--to-destination', '--to-destination');
    const [to = '', toPort] = target.split(':');
    for (const server of behind) {
      if (published.has(server) || to !== addressOf(plan, server)) continue;
      const port = portToCall(
        portsCalled(own),
        portOf(server),
        toPort === undefined ? toPort : Number(toPort),
      );
      if (port !== undefined) published.set(server, { address, port });
    }
  }
  return published;
}

/** The further addresses that a firewall needs outside, as its rules publish servers there. Empty without any. */
export function publishedAddresses(
  tables: readonly SavedTable[],
  plan: AddressPlan,
  firewall: FirewallName,
): Partial<Pick<FirewallRules, 'addresses'>> {
  return furtherAddresses(publishedBy(tables, plan, firewall), plan, firewall);
}

/** {@link publishedAddresses} of servers that are published. */
export function furtherAddresses(
  published: ReadonlyMap<ServerName, CalledAt>,
  plan: AddressPlan,
  firewall: FirewallName,
): Partial<Pick<FirewallRules, 'addresses'>> {
  const { device, address: own } = outsideOfFirewall(plan, firewall);
  const further = [...published.values()].filter(({ address }) => address !== own);
  const addresses = [...new Set(further.map(({ address }) => address))].map((address) => ({
    device,
    address,
  }));
  return addresses.length > 0 ? { addresses } : {};
}

/** The leg that leads out: its interface and address, and the range of its subnet. */
export function outsideOfFirewall(plan: AddressPlan, firewall: FirewallName) {
  const leg = outsideOf(firewall);
  return {
    device: interfaceOf(plan, firewall, leg),
    address: outsideAddress(plan, firewall),
    range: rangeOf(plan, subnetOf(`${firewall}/${leg}`)),
  };
}

/** Every address that a host of the lab has. */
export function everybody(plan: AddressPlan): ReadonlySet<string> {
  return new Set([
    ...endNames().map((host) => addressOf(plan, host)),
    ...firewallNames().map((name) => outsideAddress(plan, name)),
  ]);
}

/** The ports that a rule matches; `undefined` if it matches every port. */
function portsCalled(options: readonly string[]): PortRange[] | undefined {
  const [ports] = [
    ...valuesOf(options, '--dport', '--destination-port'),
    ...valuesOf(options, '--dports', '--destination-ports'),
  ];
  return ports?.split(',').map((range) => {
    const [first = NaN, last = first] = range.split(':').map(Number);
    return [first, last];
  });
}

/**
 * The port to call, so that a rule makes `control` of it. `called`: the ports that the rule matches, `undefined` for every one; `toPort`:
 * the port that it sends them to, `undefined` for the same.
 */
export function portToCall(
  called: readonly PortRange[] | undefined,
  control: number,
  toPort: number | undefined,
): number | undefined {
  if (toPort === undefined) {
    const covered = called?.some(([first, last]) => first <= control && control <= last);
    return covered === false ? undefined : control;
  }
  return toPort === control ? (called?.[0]?.[0] ?? control) : undefined;
}
