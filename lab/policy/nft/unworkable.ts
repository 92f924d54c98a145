/* Nft rules of a production firewall that refer to something that the lab does not have. */
import { isAddress } from '../../network/address-plan.ts';
import { isGateway } from '../../network/topology.ts';
import { interfacesOf, type Surroundings, standsNowhere, type UnworkableRule } from '../unworkable-rules.ts';
import { isOneOf } from '../upload-path.ts';
import { type Asked, askedBy, under } from './asked.ts';
import type { Json, NftRule, NftRuleset } from './listing.ts';
import { asPattern, isOfInterface, metRules } from './met.ts';

/** Interfaces that rules require and the place does not have. */
export function foreignInterfacesOf(ruleset: NftRuleset, interfaces: readonly string[]): string[] {
  const named = ruleset.rules.flatMap((rule) => interfacesNamed(askedBy(rule, ruleset)));
  return [...new Set(named)].filter((name) => !isOneOf(name, [...interfaces, 'lo']));
}

/** The first rule that names an interface. */
export function namesInterface(ruleset: NftRuleset, name: string): NftRule | undefined {
  return ruleset.rules.find((rule) => interfacesNamed(askedBy(rule, ruleset)).includes(name));
}

function interfacesNamed(asked: readonly Asked[]): string[] {
  return asked.flatMap(({ of, denied, answers = [] }) =>
    isOfInterface(of) && !denied ? answers.map(asPattern).filter((name) => name !== '+') : [],
  );
}

/** The rules that cannot work in the lab, in the order of their lines. */
export function unworkableNftRules(ruleset: NftRuleset, where: Omit<Surroundings, 'sets'>): UnworkableRule[] {
  const interfaces = interfacesOf(where);
  const met = metRules(ruleset, interfaces, !isGateway(where.firewall));
  return ruleset.rules
    .flatMap((rule) =>
      lacking(rule, ruleset, where, interfaces, met.has(rule)).map((one) => ({
        ...one,
        line: rule.place?.line ?? 0,
        ...(rule.place?.file && { file: rule.place.file }),
      })),
    )
    .sort((a, b) => a.line - b.line);
}

function lacking(
  rule: NftRule,
  ruleset: NftRuleset,
  { plan, addressesKnown }: Omit<Surroundings, 'sets'>,
  interfaces: readonly string[],
  met: boolean,
): Omit<UnworkableRule, 'line'>[] {
  const asked = askedBy(rule, ruleset);
  const each = (kind: UnworkableRule['kind'], names: readonly string[], matters: boolean) =>
    names.map((name) => ({ kind, name, matters }));
  const answersTo = (of: RegExp) =>
    asked.flatMap((one) => (of.test(one.of) && !one.denied ? (one.answers ?? []) : []));
  const isForeign = (address: string) => standsNowhere(address, plan);
  const given = ['snat', 'dnat'].flatMap((name) =>
    under(rule.statements, name).flatMap((to) => addressesIn((to as { addr?: Json } | null)?.addr)),
  );
  return [
    // In production too, uploads pass through the known interfaces.
    ...each(
      'interface',
      interfacesNamed(asked).filter((name) => !isOneOf(name, [...interfaces, 'lo'])),
      false,
    ),
    ...each('bridge port', answersTo(/^meta [io]brname$/).map(String), met),
    ...each(
      'address',
      answersTo(/^ip6? [sd]addr$/)
        .flatMap(addressesIn)
        .filter(isForeign),
      met && !addressesKnown,
    ),
    ...each('answering address', given.filter(isForeign), met),
    ...each('MAC address', answersTo(/^ether [sd]addr$/).map(String), met),
    ...each('queue', under(rule.statements, 'queue').length > 0 ? ['queue'] : [], met),
  ];
}

/** The addresses, networks and ranges in a value, as iptables writes them. */
function addressesIn(value: Json): string[] {
  if (typeof value === 'string') return isAddress(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { prefix, range, ...rest } = value as {
    prefix?: { addr: Json; len: number };
    range?: [Json, Json];
  };
  if (prefix) return addressesIn(prefix.addr).map((address) => `${address}/${prefix.len}`);
  if (range) return typeof range[0] === 'string' ? [range.join('-')] : [];
  return Object.values(rest).flatMap(addressesIn);
}
