/*
 * Rules of a production firewall that cannot work in the lab as they do in production, because they refer to something
 * that the lab does not have.
 */
import ipaddr from 'ipaddr.js';
import {
  type AddressPlan,
  interfacesOf as firewallInterfaces,
  hostInterfaceOf,
  isAddress,
  overlaps,
  rangeOf,
  wholeRange,
} from '../network/address-plan.ts';
import { familyOf } from '../network/family.ts';
import { isGateway, type RulesPlace } from '../network/topology.ts';
import { setsOf } from './ipset-save.ts';
import type { SavedRule, SavedTable } from './iptables-save.ts';
import { affirmed, targetOf, valuesOf } from './iptables-syntax.ts';
import { isOneOf, metByUploads, namedInterfaces } from './upload-path.ts';

/** A rule, and one thing that it refers to and the lab does not have. */
export interface UnworkableRule {
  /** From 1; 0 if it is not known. */
  readonly line: number;
  /** The included file that has the line, if it is not the user's file itself. */
  readonly file?: string;
  readonly kind:
    | 'interface'
    | 'bridge port'
    | 'address'
    | 'answering address'
    | 'set'
    | 'MAC address'
    | 'queue';
  /** Its name: `tun0`, `203.0.113.9/32`. */
  readonly name: string;
  /** Whether a packet of an upload could match the rule if the lab had it: then production's verdict may differ. */
  readonly matters: boolean;
}

/** Where the rules are tried. */
export interface Surroundings {
  readonly plan: AddressPlan;
  readonly firewall: RulesPlace;
  /** The names of the existing ipsets. */
  readonly sets: ReadonlySet<string>;
  /** Whether both ends of every upload have their production addresses. */
  readonly addressesKnown: boolean;
}

/** The rules of a firewall's file that cannot work in the lab, in the order of their lines. */
export function unworkableRules(tables: readonly SavedTable[], where: Surroundings): UnworkableRule[] {
  const interfaces = interfacesOf(where);
  const met = metByUploads(tables, interfaces, !isGateway(where.firewall));
  return tables
    .flatMap(({ rules }) => rules.flatMap((rule) => lacking(rule, where, interfaces, met.has(rule))))
    .sort((a, b) => a.line - b.line);
}

/** The interfaces that uploads pass through: a firewall's, a host's one. */
export function interfacesOf({ plan, firewall }: Pick<Surroundings, 'plan' | 'firewall'>): string[] {
  return isGateway(firewall) ? firewallInterfaces(plan, firewall) : [hostInterfaceOf(plan, firewall)];
}

/** Interfaces that rules require and the place does not have. */
export function foreignInterfaces(tables: readonly SavedTable[], interfaces: readonly string[]): string[] {
  const named = tables.flatMap(({ rules }) =>
    rules.flatMap(({ options }) => namedInterfaces(affirmed(options))),
  );
  return [...new Set(named)].filter((name) => !isOneOf(name, [...interfaces, 'lo']));
}

function lacking(
  { line, options }: SavedRule,
  { plan, sets, addressesKnown }: Surroundings,
  interfaces: readonly string[],
  met: boolean,
): UnworkableRule[] {
  const own = affirmed(options);
  const each = (kind: UnworkableRule['kind'], names: readonly string[], matters: boolean) =>
    names.map((name) => ({ line, kind, name, matters }));
  const isForeign = (address: string) => standsNowhere(address, plan);
  const values = (...names: string[]) => own.filter((_option, index) => names.includes(own[index - 1] ?? ''));
  return [
    // In production too, uploads pass through the two known interfaces.
    ...each(
      'interface',
      namedInterfaces(own).filter((name) => !isOneOf(name, [...interfaces, 'lo'])),
      false,
    ),
    ...each('bridge port', values('--physdev-in', '--physdev-out'), met),
    ...each('address', addressesOf(own).filter(isForeign), met && !addressesKnown),
    ...each(
      'answering address',
      values('--to-source', '--to-destination').map(hostOf).filter(isForeign),
      met,
    ),
    ...each(
      'set',
      setsOf(options)
        .map(({ name }) => name)
        .filter((name) => !sets.has(name)),
      met,
    ),
    ...each('MAC address', values('--mac-source'), met),
    ...each(
      'queue',
      ['NFQUEUE', 'QUEUE'].filter((target) => target === targetOf(options)),
      met,
    ),
  ];
}

/** The addresses that a rule requires, as ranges or networks. */
function addressesOf(options: readonly string[]): string[] {
  const listed = [...valuesOf(options, '-s', '--source'), ...valuesOf(options, '-d', '--destination')];
  const ranges = options.filter((_option, index) => /^--(src|dst)-range$/.test(options[index - 1] ?? ''));
  return [...listed.flatMap((list) => list.split(',')), ...ranges];
}

/** The address of `--to-source` and similar options, without ports; an IPv6 one with ports stands in brackets. */
function hostOf(target: string): string {
  const [, inBrackets] = /^\[(.*)\]/.exec(target) ?? [];
  return inBrackets ?? (ipaddr.IPv6.isValid(target) ? target : target.replace(/:\d+(-\d+)?$/, ''));
}

/** Addresses that no host has in production either, and those that every interface has by itself. */
const unassignable = ['unspecified', 'broadcast', 'multicast', 'loopback'];
const givenByItself = ['linkLocal'];

/** Whether no host of the plan can have the address. Ignores what is not an address, network or range. */
export function standsNowhere(text: string, plan: AddressPlan): boolean {
  const family = familyOf(text);
  const ranges = Object.keys(plan.subnets).map((subnet) => rangeOf(plan, subnet, family));
  const [from = '', to] = text.split('-');
  if (to !== undefined) {
    if (!isAddress(from) || !isAddress(to)) return false;
    return ranges.every((cidr) => {
      const [first = '', last = ''] = wholeRange(cidr).split('-');
      return inOrder(to) < inOrder(first) || inOrder(from) > inOrder(last);
    });
  }
  const [host = '', prefix = ''] = from.split('/');
  if (!isAddress(host)) return false;
  const range = ipaddr.parse(host).range();
  if (unassignable.includes(range) || (family === 'ipv6' && givenByItself.includes(range))) return false;
  // iptables-save(8) writes prefix lengths; ignores a mask in another form.
  if (from.includes('/') && !/^\d+$/.test(prefix)) return false;
  return ranges.every((cidr) => !overlaps(cidr, from));
}

/** An address in a form that sorts as addresses do, within a family. */
function inOrder(address: string): string {
  return Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex');
}
