import ipaddr from 'ipaddr.js';
import { groupBy } from '../group-by.ts';
import type { Line, Target } from '../model/exposure.ts';
import type { FirewallRules, RulesByPlace } from '../model/rule-set.ts';
import { type AddressPlan, addressOf, subnetOf } from '../network/address-plan.ts';
import type { Family } from '../network/family.ts';
import {
  type ClientName,
  endNames,
  type FirewallName,
  firewallNames,
  firewallOf,
  firewallsFrom,
  insidesOf,
  type MachineName,
  machineNames,
  machineOf,
  outsideOf,
  placeOf,
  type ServerName,
  type SubnetName,
  subnetNames,
} from '../network/topology.ts';

type Host = ClientName | ServerName;

/** The host that represents a network: rules that name no host treat all its hosts alike. `undefined` for a network without hosts. */
export function representativeOf(network: SubnetName): MachineName | undefined {
  return machineNames().find((host) => placeOf(host).subnet === network);
}

/** The nearest network outside a firewall that has hosts, from which its own addresses are probed. */
function outsideNetworkOf(firewall: FirewallName): SubnetName {
  const outside = subnetOf(`${firewall}/${outsideOf(firewall)}`);
  const next = firewallOf(outside);
  return next === undefined || representativeOf(outside) !== undefined ? outside : outsideNetworkOf(next);
}

/**
 * The paths to probe under the given rules: each network to each other network,
 * and External to the firewalls' own addresses, where inbound NAT starts. One host represents each network. In
 * addition, every kind of host that the rules' addresses set apart is represented by one host, so that a hole for a
 * single host is not missed.
 */
export function linesUnder(rules: RulesByPlace, plan: AddressPlan, family: Family = 'ipv4'): Line[] {
  const own = firewallNames().flatMap((name) => rules[name] ?? []);
  const { sources, destinations } = kindsIn(own, plan, family);
  const kindsOf = (network: SubnetName, kindOf: KindOf) =>
    kindsAmong(
      [representativeOf(network), ...endNames()].filter(
        (host): host is Host => host !== undefined && placeOf(host).subnet === network,
      ),
      kindOf,
    );
  const linesOf = (
    networks: Line['networks'],
    crossed: readonly FirewallName[],
    from: readonly Target[][],
    to: readonly Target[][],
  ) =>
    from.flatMap((sources) =>
      to.flatMap((targets): Line[] => {
        const [source, target] = [sources[0] as Host | undefined, targets[0]];
        if (!source || !target) return [];
        return [
          {
            from: source,
            to: target,
            ...over(family),
            networks,
            firewalls: crossed,
            alike: [sources, targets],
          },
        ];
      }),
    );
  const between = subnetNames().flatMap((from) =>
    subnetNames()
      .filter((to) => to !== from)
      .flatMap((to) =>
        linesOf([from, to], firewallsFrom(from, to), kindsOf(from, sources), kindsOf(to, destinations)),
      ),
  );
  const toFirewalls = firewallNames().flatMap((name) => {
    const outside = outsideNetworkOf(name);
    const inside = subnetOf(`${name}/${insidesOf(name)[0]}`);
    const lines = linesOf([outside, inside], firewallsFrom(outside, inside), kindsOf(outside, sources), [
      [name],
    ]);
    const further = family === 'ipv4' ? (rules[name]?.addresses ?? []) : [];
    return [...lines, ...further.flatMap(({ address }) => lines.map((line) => ({ ...line, at: address })))];
  });
  return [...between, ...toFirewalls];
}

const sourceOption = /(?:^|\s)(?:-s|--source|--src|--src-range)[ =](\S+)/g;
const destinationOption =
  /(?:^|\s)(?:-d|--destination|--dst|--dst-range|--to-destination|--ctorigdst)[ =](\S+)/g;

/** An address, network or range in nft rules. */
const nftAddress = {
  ipv4: /\b\d+\.\d+\.\d+\.\d+(?:\/\d+|-\d+\.\d+\.\d+\.\d+)?/g,
  ipv6: /(?<![\w:])[\da-f]*:[\da-f:.]*:[\da-f:.]*(?:\/\d+|-[\da-f:.]+)?/gi,
};

/** How a line's data say what it is measured over. */
function over(family: Family): Pick<Line, 'ipv6'> {
  return family === 'ipv6' ? { ipv6: true } : {};
}

/**
 * The paths to probe into a host under the rules of its own firewall: from each network, its own included, to each of the addresses
 * of its machine that these rules set apart.
 */
export function linesInto(
  host: MachineName,
  rules: FirewallRules,
  plan: AddressPlan,
  family: Family = 'ipv4',
): Line[] {
  const { sources, destinations } = kindsIn([rules], plan, family);
  const isOwn = (other: Host) => machineOf(other) === host;
  const own = kindsAmong([host, ...endNames().filter(isOwn)], destinations);
  return subnetNames().flatMap((network) => {
    const others = endNames().filter((other) => placeOf(other).subnet === network && !isOwn(other));
    return kindsAmong(others, sources).flatMap((from) =>
      own.flatMap((to): Line[] => {
        const [source, target] = [from[0], to[0]];
        if (!source || !target) return [];
        const networks = [network, placeOf(host).subnet] as const;
        return [
          { from: source, to: target, ...over(family), networks, firewalls: [host], alike: [from, to] },
        ];
      }),
    );
  });
}

/** Hosts by kind; the first of each kind is probed. */
function kindsAmong(hosts: readonly Host[], kindOf: KindOf): Host[][] {
  return [...groupBy([...new Set(hosts)], kindOf).values()];
}

/** How the rules see a host; hosts with equal values are treated alike. */
type KindOf = (host: Host) => string;

/** How rules see hosts as sources and as destinations. */
function kindsIn(
  rules: readonly FirewallRules[],
  plan: AddressPlan,
  family: Family,
): Record<'sources' | 'destinations', KindOf> {
  const text = rules
    .map(({ iptables, iptables6 = '' }) => (family === 'ipv4' ? iptables : iptables6))
    .join('\n');
  // Of nft rules any address may stand for either end, by a set or a map.
  const inNft = rules.flatMap(({ ruleset = '' }) =>
    [...ruleset.matchAll(nftAddress[family])].map(([word]) => word),
  );
  const kindBy = (option: RegExp): KindOf => {
    // The members of an ipset are not in the rules, so it may tell any two hosts apart.
    if (/--match-set\b/.test(text)) return (host) => addressOf(plan, host, family);
    const words = [...text.matchAll(option)].flatMap(([, list = '']) => list.split(','));
    const holders = [...new Set([...words, ...inNft])].map(holderOf);
    return (host) => {
      const address = ipaddr.parse(addressOf(plan, host, family));
      return holders.map((holds) => Number(holds(address))).join('');
    };
  };
  return { sources: kindBy(sourceOption), destinations: kindBy(destinationOption) };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Whether a CIDR, an address with a mask or a range (`10.0.0.1-10.0.0.9`) contains an address; other words contain none. */
function holderOf(word: string): (address: Address) => boolean {
  const [first = '', last] = word.split('-');
  if (last !== undefined) {
    const [low, high] = [parsed(first), parsed(last)];
    return (address) =>
      low?.kind() === address.kind() &&
      high?.kind() === address.kind() &&
      compared(low, address) <= 0 &&
      compared(address, high) <= 0;
  }
  const [text = '', mask] = first.split('/');
  const network = parsed(text);
  const prefix = prefixOf(mask, network);
  return (address) =>
    network !== undefined &&
    prefix !== null &&
    network.kind() === address.kind() &&
    address.match(network, prefix);
}

/** The length of a prefix that is written as a number, as a mask, or not at all; `null` for another mask. */
function prefixOf(mask: string | undefined, network: Address | undefined): number | null {
  if (mask === undefined) return network?.kind() === 'ipv6' ? 128 : 32;
  return /^\d+$/.test(mask) ? Number(mask) : (parsed(mask)?.prefixLengthFromSubnetMask() ?? null);
}

/** `undefined` if the text is no address. */
function parsed(text: string): Address | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
    ? ipaddr.parse(text)
    : undefined;
}

/** Which of two addresses comes first: negative if the first does. */
function compared(one: Address, other: Address): number {
  return Buffer.compare(Buffer.from(one.toByteArray()), Buffer.from(other.toByteArray()));
}
