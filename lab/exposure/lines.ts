import ipaddr from 'ipaddr.js';
import { groupBy } from '../group-by.ts';
import type { Line, Target } from '../model/exposure.ts';
import type { FirewallRules, RulesByPlace } from '../model/rule-set.ts';
import { type AddressPlan, addressNumber, addressOf, subnetOf } from '../network/address-plan.ts';
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
export function linesUnder(rules: RulesByPlace, plan: AddressPlan): Line[] {
  const own = firewallNames().flatMap((name) => rules[name] ?? []);
  const [sources, destinations] = [kindsIn(own, sourceOption), kindsIn(own, destinationOption)];
  const kindsOf = (network: SubnetName, kindOf: KindOf) =>
    kindsAmong(
      [representativeOf(network), ...endNames()].filter(
        (host): host is Host => host !== undefined && placeOf(host).subnet === network,
      ),
      kindOf,
      plan,
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
        return [{ from: source, to: target, networks, firewalls: crossed, alike: [sources, targets] }];
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
    const further = rules[name]?.addresses ?? [];
    return [...lines, ...further.flatMap(({ address }) => lines.map((line) => ({ ...line, at: address })))];
  });
  return [...between, ...toFirewalls];
}

const sourceOption = /(?:^|\s)(?:-s|--source|--src|--src-range)[ =](\S+)/g;
const destinationOption =
  /(?:^|\s)(?:-d|--destination|--dst|--dst-range|--to-destination|--ctorigdst)[ =](\S+)/g;

/** An address, network or range in nft rules. */
const nftAddress = /\b\d+\.\d+\.\d+\.\d+(?:\/\d+|-\d+\.\d+\.\d+\.\d+)?/g;

/**
 * The paths to probe into a host under the rules of its own firewall: from each network, its own included, to each of the addresses
 * of its machine that these rules set apart.
 */
export function linesInto(host: MachineName, rules: FirewallRules, plan: AddressPlan): Line[] {
  const [sources, destinations] = [kindsIn([rules], sourceOption), kindsIn([rules], destinationOption)];
  const isOwn = (other: Host) => machineOf(other) === host;
  const own = kindsAmong([host, ...endNames().filter(isOwn)], destinations, plan);
  return subnetNames().flatMap((network) => {
    const others = endNames().filter((other) => placeOf(other).subnet === network && !isOwn(other));
    return kindsAmong(others, sources, plan).flatMap((from) =>
      own.flatMap((to): Line[] => {
        const [source, target] = [from[0], to[0]];
        if (!source || !target) return [];
        const networks = [network, placeOf(host).subnet] as const;
        return [{ from: source, to: target, networks, firewalls: [host], alike: [from, to] }];
      }),
    );
  });
}

/** Hosts by kind; the first of each kind is probed. */
function kindsAmong(hosts: readonly Host[], kindOf: KindOf, plan: AddressPlan): Host[][] {
  return [...groupBy([...new Set(hosts)], (host) => kindOf(addressOf(plan, host))).values()];
}

/** How the rules see an address: hosts with equal values are treated alike. */
type KindOf = (address: string) => string;

function kindsIn(rules: readonly FirewallRules[], option: RegExp): KindOf {
  const text = rules.map(({ iptables }) => iptables).join('\n');
  // The members of an ipset are not in the rules, so it may tell any two hosts apart.
  if (/--match-set\b/.test(text)) return (address) => address;
  // Of nft rules any address may stand for either end, by a set or a map.
  const inNft = rules.flatMap(({ ruleset = '' }) => [...ruleset.matchAll(nftAddress)].map(([word]) => word));
  const words = [...[...text.matchAll(option)].flatMap(([, list = '']) => list.split(',')), ...inNft];
  const holders = [...new Set(words)].map(holderOf);
  return (address) => {
    const number = addressNumber(address);
    return holders.map((holds) => Number(holds(number))).join('');
  };
}

/** Whether a CIDR, an address with a mask or a range (`10.0.0.1-10.0.0.9`) contains an address; other words contain none. */
function holderOf(word: string): (address: number) => boolean {
  const [first = '', last] = word.split('-');
  if (last !== undefined) {
    const [low, high] = [numberOf(first), numberOf(last)];
    return (address) => address >= low && address <= high;
  }
  const [network = '', mask = '32'] = first.split('/');
  const prefix = mask.includes('.') ? maskLength(mask) : Number(mask);
  if (prefix === null) return () => false;
  const size = 2 ** (32 - prefix);
  const block = Math.floor(numberOf(network) / size);
  return (address) => Math.floor(address / size) === block;
}

function maskLength(mask: string): number | null {
  return ipaddr.IPv4.isValidFourPartDecimal(mask)
    ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask()
    : null;
}

/** NaN if the text is no IPv4 address. */
function numberOf(address: string): number {
  return ipaddr.IPv4.isValidFourPartDecimal(address) ? addressNumber(address) : Number.NaN;
}
