import type { AccessRule, Connection, NetworkRule, Peer, ProtocolDefinition } from '../model/rule-set.ts';
import { type AddressPlan, addressOf, firewallAddress } from '../network/address-plan.ts';
import { type FirewallName, firewalls, type PortRange } from '../network/topology.ts';

/** A firewall in its place: what "internal" and "its address" mean for it. */
export interface Site {
  readonly plan: AddressPlan;
  readonly firewall: FirewallName;
  /** Of its network rule; without one nothing passes. */
  readonly relation: NetworkRule['relation'] | undefined;
  /** CIDR of the subnet behind it. */
  readonly internal: string;
  /** Its address in External. */
  readonly outside: string;
  /** Its address in the subnet behind it. */
  readonly inside: string;
}

export function siteOf(
  firewall: FirewallName,
  plan: AddressPlan,
  relation: NetworkRule['relation'] | undefined,
): Site {
  return {
    plan,
    firewall,
    relation,
    internal: plan.subnets[firewalls[firewall].inside.subnet],
    outside: firewallAddress(plan, firewall, 'outside'),
    inside: firewallAddress(plan, firewall, 'inside'),
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
    destinations.map((destination) =>
      joined(addressMatch('-s', source, site), addressMatch('-d', destination, site)),
    ),
  );
}

function addressMatch(option: '-s' | '-d', peer: Peer, site: Site): string {
  switch (peer.kind) {
    case 'anywhere':
      return '';
    case 'internal':
      return `${option} ${site.internal}`;
    case 'external':
      return `! ${option} ${site.internal}`;
    case 'subnet':
      return `${option} ${site.plan.subnets[peer.subnet]}`;
    case 'computer':
      return `${option} ${addressOf(site.plan, peer.host)}/32`;
    case 'cidr':
      return `${option} ${peer.cidr}`;
  }
}

/** `21` or `1024:65535`, as iptables writes ports. */
export function portText([first, last]: PortRange): string {
  return first === last ? `${first}` : `${first}:${last}`;
}

/** Joins options with spaces and leaves out empty ones. */
export function joined(...options: readonly string[]): string {
  return options.filter((option) => option !== '').join(' ');
}
