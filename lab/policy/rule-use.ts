import { groupBy } from '../group-by.ts';
import type { RuleUse } from '../model/result/rule-use.ts';
import type { Family } from '../network/family.ts';
import { readTables, type SavedRule, type SavedTable } from './iptables-save.ts';
import { targetOf, withoutCounters } from './iptables-syntax.ts';
import { rulesInOrder } from './rule-lines.ts';
import { shadowsIn } from './shadowed.ts';

/** Targets after which no later rule of the table is asked (iptables-extensions(8)). */
const deciding = new Set([
  'ACCEPT',
  'DROP',
  'REJECT',
  'QUEUE',
  'NFQUEUE',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
  'TPROXY',
]);

/**
 * What each rule of a file did between two outputs of `iptables-save -c`, in the file's order. A chain of which the kernel has
 * another number of rules than the file is left out, because nobody can tell which is which.
 */
export function ruleUse(
  file: readonly SavedTable[],
  before: string,
  after: string,
  family: Family = 'ipv4',
): RuleUse[] {
  const [earlier, later] = [readTables(before, family), readTables(after, family)];
  return file
    .flatMap(({ name, chains, rules }) => {
      const inChain = (tables: readonly SavedTable[]) =>
        groupBy(tables.find((table) => table.name === name)?.rules ?? [], ({ chain }) => chain);
      const [was, is, written] = [inChain(earlier), inChain(later), groupBy(rules, ({ chain }) => chain)];
      return chains.flatMap((chain) =>
        usesIn(name, written.get(chain) ?? [], was.get(chain) ?? [], is.get(chain) ?? []),
      );
    })
    .sort((a, b) => a.line - b.line);
}

/** What rules did in two rounds, as one. Both must be of the same file. */
export function bothRounds(first: readonly RuleUse[], second: readonly RuleUse[]): RuleUse[] {
  const place = ({ table, line }: RuleUse) => `${table} ${line}`;
  const later = new Map(second.map((use) => [place(use), use]));
  return first.map((use) => {
    const { packets, use: kind } = later.get(place(use)) ?? use;
    return packets === 0 ? use : { ...use, packets: use.packets + packets, use: kind, shadowedBy: null };
  });
}

function usesIn(
  table: string,
  written: readonly SavedRule[],
  before: readonly SavedRule[],
  after: readonly SavedRule[],
): RuleUse[] {
  const ordered = rulesInOrder(written);
  if (ordered.length !== after.length || before.length !== after.length) return [];
  const shadow = shadowsIn(ordered);
  const found = new Map<number, RuleUse>();
  for (const [place, { line, chain, text, options }] of ordered.entries()) {
    // A line with several addresses is several rules in force.
    const packets = (found.get(line)?.packets ?? 0) + packetsOf(after[place]) - packetsOf(before[place]);
    const use = packets === 0 ? 'never' : deciding.has(targetOf(options) ?? '') ? 'decided' : 'met';
    const shadowedBy = packets === 0 ? (shadow(place)?.line ?? null) : null;
    const others = found.get(line)?.shadowedBy;
    found.set(line, {
      table,
      chain,
      line,
      rule: withoutCounters(text).trim(),
      packets,
      use,
      shadowedBy: others === null ? null : shadowedBy,
    });
  }
  return [...found.values()];
}

function packetsOf(rule: SavedRule | undefined): number {
  return Number(/^\[(\d+):/.exec(rule?.text ?? '')?.[1] ?? 0);
}
