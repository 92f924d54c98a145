/*
 * Whether an earlier rule of the same chain takes every packet that a rule could match. Only what can be proven from the texts
 * counts: addresses, interfaces, protocols, ports and states, and other stateless options that both rules have alike.
 */
import ipaddr from 'ipaddr.js';
import { type Facts, factsOf } from './in-force.ts';
import type { SavedRule } from './iptables-save.ts';
import { targetOf } from './iptables-syntax.ts';

/** Targets after which no later rule of the chain is asked, and whose only option is `--reject-with`. */
const ending = ['ACCEPT', 'DROP', 'REJECT', 'RETURN'];

/** Options that say nothing about which packets match. */
const silent = ['-j', '-m', '--comment', '--reject-with', '-c'];

/** Options whose meaning is the same for equal values, whatever came before. */
const stateless = ['-p', '--icmp-type', '--tcp-flags', '--syn', '--helper'];

/** How many of a chain's rules are looked at as those that may take others' packets: the ones with the fewest conditions. */
const mostTakers = 1000;

interface Taker {
  readonly rule: SavedRule;
  readonly place: number;
  readonly conditions: Facts;
}

/**
 * Finds, for rules of one chain in the order that the kernel asks them, the first rule that takes all packets of a later one.
 * The function returned takes a rule's place in the chain.
 */
export function shadowsIn(chain: readonly SavedRule[]): (place: number) => SavedRule | undefined {
  const takers = chain
    .flatMap((rule, place): Taker[] => {
      const conditions = conditionsOf(rule);
      return conditions && ending.includes(targetOf(rule.options) ?? '') ? [{ rule, place, conditions }] : [];
    })
    .sort((a, b) => a.conditions.size - b.conditions.size)
    .slice(0, mostTakers)
    .sort((a, b) => a.place - b.place);
  return (place) => {
    const facts = factsOf(chain[place]?.options ?? []);
    return takers.find((taker) => taker.place < place && takesAll(taker.conditions, facts))?.rule;
  };
}

/** What a rule asks of a packet; `undefined` if it asks what cannot be compared, or the same option twice. */
function conditionsOf({ options }: SavedRule): Facts | undefined {
  const facts = factsOf(options);
  const asked = new Map([...facts].filter(([option]) => !silent.includes(option)));
  const known = [...asked.keys()].every((option) => option in within || stateless.includes(option));
  const once = options.filter((word) => word.startsWith('-') && word !== '-m' && word !== '--match').length;
  const named = [...facts.keys()].filter((option) => option !== '-m').length;
  return known && once <= named ? asked : undefined;
}

function takesAll(taker: Facts, other: Facts): boolean {
  return [...taker].every(([option, value]) => {
    if (value === '') return other.has(option);
    const own =
      other.get(option) ??
      (option === '--dport' || option === '--dports' ? other.get(twin[option]) : undefined);
    if (own === undefined) return false;
    if (own === value) return true;
    if (own.startsWith('! ') || value.startsWith('! ')) return false;
    return within[option]?.(own, value) ?? false;
  });
}

const twin = { '--dport': '--dports', '--dports': '--dport' } as const;

/** Whether each packet that the first value fits also fits the second, by option. */
const within: Readonly<Record<string, (narrow: string, wide: string) => boolean>> = {
  '-s': isNetworkWithin,
  '-d': isNetworkWithin,
  '-i': isInterfaceWithin,
  '-o': isInterfaceWithin,
  '--sport': arePortsWithin,
  '--dport': arePortsWithin,
  '--dports': arePortsWithin,
  '--ctstate': (narrow, wide) => narrow.split(',').every((state) => wide.split(',').includes(state)),
};

/** Whether every address of an IPv4 network is of another; false for what is not one. */
export function isNetworkWithin(narrow: string, wide: string): boolean {
  if (![narrow, wide].every((cidr) => ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr))) return false;
  const [[address, bits], [network, length]] = [ipaddr.IPv4.parseCIDR(narrow), ipaddr.IPv4.parseCIDR(wide)];
  return bits >= length && address.match(network, length);
}

function isInterfaceWithin(narrow: string, wide: string): boolean {
  return wide.endsWith('+') && narrow.startsWith(wide.slice(0, -1));
}

function arePortsWithin(narrow: string, wide: string): boolean {
  const ranges = (text: string) =>
    text.split(',').map((one) => {
      const [first = NaN, last = first] = one.split(':').map(Number);
      return [first, last] as const;
    });
  return ranges(narrow).every(([from, to]) =>
    ranges(wide).some(([first, last]) => from >= first && to <= last),
  );
}
