/*
 * Which rules a packet of an upload can meet, judged by chains, interfaces, protocols and ports. In doubt a rule counts as met, because
 * callers ignore rules that are not met.
 */
import { groupBy } from '../../group-by.ts';
import type { NftHook } from '../../model/packet.ts';
import { isOneOf } from '../upload-path.ts';
import { type Asked, askedBy, targetsOf } from './asked.ts';
import type { Json, NftRule, NftRuleset } from './listing.ts';

const forwarded: readonly NftHook[] = ['ingress', 'prerouting', 'forward', 'postrouting', 'egress'];
const own: readonly NftHook[] = ['ingress', 'prerouting', 'input', 'output', 'postrouting', 'egress'];

/** `interfaces`: those that uploads pass through. `onHost`: the rules are a client's or server's. */
export function metRules(
  ruleset: NftRuleset,
  interfaces: readonly string[],
  onHost: boolean,
): ReadonlySet<NftRule> {
  const { chains, rules } = ruleset;
  const families = ['ip', 'inet', 'netdev'];
  const hooks = onHost ? own : forwarded;
  const keyOf = (table: string, chain: string) => `${table}\n${chain}`;
  const reached = new Set(
    chains
      .filter(({ hook, family }) => hook && hooks.includes(hook) && families.includes(family))
      .map(({ table, name }) => keyOf(table, name)),
  );
  const found = new Set<NftRule>();
  const inChain = groupBy(rules, ({ table, chain }) => keyOf(table, chain));
  // A set may grow while it is walked.
  for (const key of reached)
    for (const rule of inChain.get(key) ?? []) {
      if (!canMatch(askedBy(rule, ruleset), interfaces)) continue;
      found.add(rule);
      for (const target of targetsOf(rule, ruleset)) reached.add(keyOf(rule.table, target));
    }
  return found;
}

function canMatch(asked: readonly Asked[], interfaces: readonly string[]): boolean {
  return asked.every(({ of, denied, mapped, answers }) => {
    if (denied || mapped || answers === undefined) return true;
    if (isOfInterface(of)) return answers.some((name) => isOneOf(asPattern(name), interfaces));
    if (of === 'meta l4proto' || of === 'ip protocol')
      return answers.some((name) => ['tcp', 6, 'icmp', 1].includes(name as string));
    if (of === 'meta nfproto') return answers.some((name) => name !== 'ipv6' && name !== 10);
    if (of === 'icmp type') return answers.some((name) => !unrelated.includes(`${name}`));
    if (/^(?:tcp|th) [sd]port$/.test(of)) return answers.some(isPortOfUploads);
    return !/^(?:udp|udplite|sctp|dccp|icmpv6|ip6|arp|vlan|esp|ah|igmp) /.test(of);
  });
}

/** ICMP messages that are not about another packet (RFC 792). */
const unrelated = [
  'echo-reply',
  'echo-request',
  'router-advertisement',
  'router-solicitation',
  'timestamp-request',
  'timestamp-reply',
  'address-mask-request',
  'address-mask-reply',
];

/** Whether a question is about the interface that a packet comes by or leaves by. */
export function isOfInterface(of: string): boolean {
  return /^meta [io]if(?:name)?$/.test(of);
}

/** An interface's name, a final `*` as iptables has it. */
export function asPattern(name: Json): string {
  return `${name}`.replace(/\*$/, '+');
}

/** FTP's own two ports, and every port that data connections use; a port given by name counts as any port. */
export function isPortOfUploads(port: Json): boolean {
  const [first, last] = rangeOf(port);
  if (Number.isNaN(first) || Number.isNaN(last)) return true;
  return last >= 1024 || (first <= 21 && last >= 20);
}

/** The first and last number of a value: a number or `{"range": [a, b]}`. */
export function rangeOf(value: Json): readonly [number, number] {
  const range = (value as { range?: [Json, Json] } | null)?.range;
  return range ? [Number(range[0]), Number(range[1])] : [Number(value), Number(value)];
}
