/*
 * Which rules of a firewall, or of a host with rules of its own, a packet of an upload can meet, judged by chains, interfaces, protocols and ports. In doubt
 * a rule counts as met, because callers ignore rules that are not met.
 */
import type { SavedRule, SavedTable } from './iptables-save.ts';
import { affirmed, portOptions, type TableName, targetOf, valuesOf } from './iptables-syntax.ts';

/** The chain in which a forwarded packet enters each table (iptables(8), "tables"). */
const entrances: Record<TableName, readonly string[]> = {
  raw: ['PREROUTING'],
  mangle: ['PREROUTING', 'FORWARD', 'POSTROUTING'],
  nat: ['PREROUTING', 'POSTROUTING'],
  filter: ['FORWARD'],
  security: ['FORWARD'],
};

/** The same for a packet that a host sends or takes itself. */
const hostEntrances: Record<TableName, readonly string[]> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'OUTPUT'],
  security: ['INPUT', 'OUTPUT'],
};

/** The chain in which a packet enters whose other end is a program on the firewall. */
const ownEntrances = ['INPUT', 'OUTPUT'];

/** Targets that can redirect a packet to a program on the firewall. */
const turning = ['REDIRECT', 'DNAT', 'TPROXY'];

/** Targets that end the walk through a chain. */
const ending = ['ACCEPT', 'DROP', 'REJECT', 'RETURN'];

/**
 * The rules that a packet of an upload can meet and match, whatever their addresses. `interfaces`: those that uploads
 * pass through; `null` if they are not known. `onHost`: the tables are a client's or server's.
 */
export function metByUploads(
  tables: readonly SavedTable[],
  interfaces: readonly string[] | null,
  onHost = false,
): ReadonlySet<SavedRule> {
  if (onHost) return met(tables, interfaces, ({ name }) => hostEntrances[name]);
  const forwarded = met(tables, interfaces, ({ name }) => entrances[name]);
  const turned = [...forwarded].some(({ options }) => turning.includes(targetOf(options) ?? ''));
  if (!turned) return forwarded;
  return met(tables, interfaces, ({ name }) => [...entrances[name], ...ownEntrances]);
}

function met(
  tables: readonly SavedTable[],
  interfaces: readonly string[] | null,
  entrancesOf: (table: SavedTable) => readonly string[],
): Set<SavedRule> {
  const found = new Set<SavedRule>();
  for (const table of tables) {
    const chains = new Map<string, SavedRule[]>(table.chains.map((chain) => [chain, []]));
    for (const rule of table.rules) chains.get(rule.chain)?.push(rule);
    const reached = new Set(entrancesOf(table));
    // A set rule may add members later and does not end the walk.
    for (const chain of reached)
      for (const rule of chains.get(chain) ?? []) {
        if (!canMatch(rule.options, interfaces)) continue;
        found.add(rule);
        const target = targetOf(rule.options) ?? '';
        if (chains.has(target)) reached.add(target);
        if (ending.includes(target) && matchesAll(rule.options)) break;
      }
  }
  return found;
}

/** The chains that packets can come to from these. */
export function reachedFrom({ chains, rules }: SavedTable, entrances: readonly string[]): Set<string> {
  const reached = new Set(entrances);
  // A set rule may add members later and does not end the walk.
  for (const chain of reached)
    for (const { chain: own, options } of rules) {
      const target = targetOf(options);
      if (own === chain && target !== undefined && chains.includes(target)) reached.add(target);
    }
  return reached;
}

/** Whether the rule matches every packet: it has only a target, the target's options and a comment. */
export function matchesAll(options: readonly string[]): boolean {
  const jump = options.findIndex((option) => option === '-j' || option === '--jump');
  const before = options.slice(0, jump);
  const comment = before.length === 4 && before[1] === 'comment' && before[2] === '--comment';
  return before.length === 0 || comment;
}

function canMatch(options: readonly string[], interfaces: readonly string[] | null): boolean {
  const own = affirmed(options);
  return (
    (interfaces === null || namedInterfaces(own).every((name) => isOneOf(name, interfaces))) &&
    protocolMatches(own) &&
    portsMatch(own)
  );
}

/** The interfaces that a rule requires, as iptables writes them. */
export function namedInterfaces(options: readonly string[]): string[] {
  return [...valuesOf(options, '-i', '--in-interface'), ...valuesOf(options, '-o', '--out-interface')];
}

/** Whether the text means one of the interfaces; a final `+` stands for any ending (iptables(8), `--in-interface`). */
export function isOneOf(name: string, interfaces: readonly string[]): boolean {
  return interfaces.some((known) =>
    name.endsWith('+') ? known.startsWith(name.slice(0, -1)) : known === name,
  );
}

const uploading = ['tcp', '6', 'all', '0', 'icmp', '1', 'ipv6-icmp', 'icmpv6', 'icmp6', '58'];

/** ICMP messages that are not about another packet (RFC 792; RFC 4443 section 2.1, RFC 4861): requests, replies and how hosts find each other. */
const unrelated6 = /^(12[89]|1[3-9]\d|2\d\d|echo-.*|ping|pong|router-.*|neighbou?r-.*|redirect)(\/.*)?$/;
const unrelated =
  /^(0|8|9|10|13|14|15|16|17|18|echo-reply|pong|echo-request|ping|router-.*|timestamp-.*|address-mask-.*)(\/.*)?$/;

function protocolMatches(options: readonly string[]): boolean {
  const [protocol] = valuesOf(options, '-p', '--protocol');
  if (protocol !== undefined && !uploading.includes(protocol)) return false;
  const given = (name: string) => options.find((_option, index) => options[index - 1] === name);
  const [type, type6] = [given('--icmp-type'), given('--icmpv6-type')];
  return (type === undefined || !unrelated.test(type)) && (type6 === undefined || !unrelated6.test(type6));
}

/** FTP's own two ports, and every port that data connections use; a port given by name counts as any port. */
function portsMatch(options: readonly string[]): boolean {
  const values = options.filter((_option, index) => portOptions.includes(options[index - 1] ?? ''));
  return values.every((value) => value.split(',').some(isOfUploads));
}

function isOfUploads(ports: string): boolean {
  const [first = NaN, last = first] = ports.split(':').map((port) => (port === '' ? NaN : Number(port)));
  if (Number.isNaN(first) || Number.isNaN(last)) return true;
  return last >= 1024 || (first <= 21 && last >= 20);
}
