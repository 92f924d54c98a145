import type { AccessRule, Connection, NetworkRule, Peer, ProtocolDefinition } from '../model/rule-set.ts';
import { type AddressPlan, addressOf, outsideAddress, rangeOf, wholeRange } from '../network/address-plan.ts';
import { asRange, type Family, familyOf } from '../network/family.ts';
import { type FirewallName, type PortRange, subnetsBehind } from '../network/topology.ts';

/** A firewall in its place, for one version of IP: what "internal" and "its address" mean for it. */
export interface Site {
  readonly plan: AddressPlan;
  readonly family: Family;
  readonly firewall: FirewallName;
  /** Of its network rule; without one nothing passes. */
  readonly relation: NetworkRule['relation'] | undefined;
  /** CIDRs of the subnets behind it. */
  readonly internal: readonly string[];
  /** Its address on the leg that leads out. */
  readonly outside: string;
}

export function siteOf(
  firewall: FirewallName,
  plan: AddressPlan,
  relation: NetworkRule['relation'] | undefined,
  family: Family,
): Site {
  return {
    plan,
    family,
    firewall,
    relation,
    internal: subnetsBehind(firewall).map((subnet) => rangeOf(plan, subnet, family)),
    outside: outsideAddress(plan, firewall, family),
  };
}

/** The iptables matches for everything that an access rule is about, in the order of its lists. */
export function matchesOf(rule: AccessRule, site: Site): string[] {
  if (rule.protocols === 'all') return pairs(rule, 'outbound', site);
  return rule.protocols.flatMap((protocol) => [
    ...connectionMatches(rule, protocol.primary, site, rule.sourcePorts),
    ...connectionMatches(rule, protocol.secondary, site, null),
  ]);
}

/** The iptables matches for the primary connections of a protocol: for FTP, the control connection. */
export function primaryMatches(rule: AccessRule, protocol: ProtocolDefinition, site: Site): string[] {
  return connectionMatches(rule, protocol.primary, site, rule.sourcePorts);
}

function connectionMatches(
  rule: AccessRule,
  connections: readonly Connection[],
  site: Site,
  sourcePorts: PortRange | null,
): string[] {
  return connections.flatMap(({ direction, ports }) => {
    const sport = sourcePorts ? ` --sport ${portText(sourcePorts)}` : '';
    return pairs(rule, direction, site).map((pair) =>
      joined(pair, `-p tcp -m tcp${sport} --dport ${portText(ports)}`),
    );
  });
}

/** Every source with every destination. An inbound connection goes from the rule's `to` to its `from`. */
function pairs(rule: AccessRule, direction: Connection['direction'], site: Site): string[] {
  const [sources, destinations] = direction === 'outbound' ? [rule.from, rule.to] : [rule.to, rule.from];
  return sources.flatMap((source) =>
    destinations.flatMap((destination) =>
      addressMatches('-s', source, site).flatMap((one) =>
        addressMatches('-d', destination, site).map((other) => joined(one, other)),
      ),
    ),
  );
}

/** The matches of a peer; a packet that fulfils one of them is the peer's. */
function addressMatches(option: '-s' | '-d', peer: Peer, site: Site): string[] {
  switch (peer.kind) {
    case 'anywhere':
      return [''];
    case 'internal':
      return site.internal.map((cidr) => `${option} ${cidr}`);
    case 'external':
      return [notInternal(option, site)];
    case 'subnet':
      return [`${option} ${rangeOf(site.plan, peer.subnet, site.family)}`];
    case 'computer':
      return [`${option} ${asRange(addressOf(site.plan, peer.host, site.family))}`];
    case 'cidr':
      return familyOf(peer.cidr) === site.family ? [`${option} ${peer.cidr}`] : [];
  }
}

/** The match of what is not behind the firewall. One rule has one `! -s`, so several subnets are excluded as ranges. */
export function notInternal(option: '-s' | '-d', { internal }: Site): string {
  const [only, ...more] = internal;
  if (more.length === 0) return `! ${option} ${only}`;
  const range = option === '-s' ? '--src-range' : '--dst-range';
  return internal.map((cidr) => `-m iprange ! ${range} ${wholeRange(cidr)}`).join(' ');
}

/** `21` or `1024:65535`, as iptables writes ports. */
export function portText([first, last]: PortRange): string {
  return first === last ? `${first}` : `${first}:${last}`;
}

/** Joins options with spaces and leaves out empty ones. */
export function joined(...options: readonly string[]): string {
  return options.filter((option) => option !== '').join(' ');
}
