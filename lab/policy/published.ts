/* Where clients outside a firewall call a server behind it: what DNAT rules of the firewall publish. */
import ipaddr from 'ipaddr.js';
import type { FirewallRules } from '../model/rule-set.ts';
import {
  type AddressPlan,
  addressOf,
  interfaceOf,
  isAddress,
  outsideAddress,
  overlaps,
  rangeOf,
  subnetOf,
} from '../network/address-plan.ts';
import { type Family, families } from '../network/family.ts';
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
import { type FilesByFamily, filesOf } from './rule-lines.ts';
import { isOneOf, namedInterfaces, reachedFrom } from './upload-path.ts';

/** Where a server's control connection is called. */
export interface CalledAt {
  /** Of the version of IP that the rules are for. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/**
 * The servers behind a firewall that its rules publish, each with the first place at which it is published (iptables-extensions(8),
 * DNAT): the firewall's outside address, or the one that the rule names. Jumps count as taken, whatever they match. `family`: which of
 * iptables and ip6tables has the tables.
 */
export function publishedBy(
  tables: readonly SavedTable[],
  plan: AddressPlan,
  firewall: FirewallName,
  family: Family = 'ipv4',
): ReadonlyMap<ServerName, CalledAt> {
  const nat = tables.find(({ name }) => name === 'nat');
  const published = new Map<ServerName, CalledAt>();
  if (!nat) return published;
  const { device: outside, address: ownAddress, range } = outsideOfFirewall(plan, firewall, family);
  const others = everybody(plan, family);
  const reached = reachedFrom(nat, ['PREROUTING']);
  const behind = allServerNames().filter((server) => guardOf(server) === firewall);
  for (const { chain, options } of nat.rules) {
    const own = affirmed(options);
    if (!reached.has(chain) || targetOf(options) !== 'DNAT') continue;
    if (!namedInterfaces(own).every((name) => isOneOf(name, [outside]))) continue;
    const ranges = valuesOf(own, '-d', '--destination');
    const [named = ''] = ranges.map((range) => range.replace(family === 'ipv4' ? /\/32$/ : /\/128$/, ''));
    const further = isAddress(named) && !others.has(named);
    const address = further && overlaps(range, named) ? named : ownAddress;
    if (!ranges.every((range) => overlaps(range, address))) continue;
    const [target = ''] = valuesOf(own, '--to-destination', '--to-destination');
    const [to, toPort] = addressAndPort(target);
    for (const server of behind) {
      if (published.has(server) || to !== addressOf(plan, server, family)) continue;
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

/** The parts of `--to-destination`: an IPv6 address with a port stands in brackets. */
function addressAndPort(target: string): readonly [address: string, port: string | undefined] {
  if (ipaddr.IPv6.isValid(target)) return [ipaddr.parse(target).toString(), undefined];
  const [, address = '', port] = /^\[?([^\]]*?)\]?(?::(\d+)[^:]*)?$/.exec(target) ?? [];
  return [isAddress(address) ? ipaddr.parse(address).toString() : address, port];
}

/** The further addresses that a firewall needs outside, as its rules publish servers there. Empty without any. */
export function publishedAddresses(
  files: FilesByFamily,
  plan: AddressPlan,
  firewall: FirewallName,
): Partial<Pick<FirewallRules, 'addresses'>> {
  const published = filesOf(files).flatMap(({ family, file }) => [
    ...publishedBy(file.tables, plan, firewall, family).values(),
  ]);
  return furtherAddresses(published, plan, firewall);
}

/** {@link publishedAddresses} of servers that are published. */
export function furtherAddresses(
  published: readonly CalledAt[],
  plan: AddressPlan,
  firewall: FirewallName,
): Partial<Pick<FirewallRules, 'addresses'>> {
  const own = families.map((family) => outsideOfFirewall(plan, firewall, family).address);
  const { device } = outsideOfFirewall(plan, firewall);
  const further = published.filter(({ address }) => !own.includes(address));
  const addresses = [...new Set(further.map(({ address }) => address))].map((address) => ({
    device,
    address,
  }));
  return addresses.length > 0 ? { addresses } : {};
}

/** The leg that leads out: its interface and address, and the range of its subnet. */
export function outsideOfFirewall(plan: AddressPlan, firewall: FirewallName, family: Family = 'ipv4') {
  const leg = outsideOf(firewall);
  return {
    device: interfaceOf(plan, firewall, leg),
    address: outsideAddress(plan, firewall, family),
    range: rangeOf(plan, subnetOf(`${firewall}/${leg}`), family),
  };
}

/** Every address that a host of the lab has. */
export function everybody(plan: AddressPlan, family: Family = 'ipv4'): ReadonlySet<string> {
  return new Set([
    ...endNames().map((host) => addressOf(plan, host, family)),
    ...firewallNames().map((name) => outsideAddress(plan, name, family)),
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
