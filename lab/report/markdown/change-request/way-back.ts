import type { FirewallRules } from '../../../model/rule-set.ts';
import { tablesOf } from '../../../policy/iptables-syntax.ts';

/**
 * What restores a firewall's rules, as input for iptables-restore and for `nft -f`; empty if there is nothing to do. It
 * contains only tables that differ: a rules file may hold a part of what is in force, and the rest must stay.
 */
export function wayBack(before: FirewallRules, after: FirewallRules): { iptables: string; nft: string } {
  return {
    iptables: touchedTables(before.iptables, after.iptables).join('\n'),
    nft: before.nft === after.nft ? '' : companions(before.nft ?? '', after.nft ?? ''),
  };
}

/**
 * The tables that differ, as they were before. iptables-restore(8) empties and fills the tables in its input and leaves
 * the others alone.
 */
function touchedTables(before: string, after: string): string[] {
  const [were, are] = [tablesOf(before), tablesOf(after)];
  const added = [...are.keys()].filter((name) => !were.has(name)).map((name) => `*${name}\nCOMMIT`);
  return [...[...were].flatMap(([name, text]) => (are.get(name) === text ? [] : [text])), ...added];
}

/** "Add, then delete" succeeds whether or not the table exists (nft(8), "delete"). */
function companions(before: string, after: string): string {
  const tables = [...after.matchAll(/^table (\S+ \S+) \{/gm)].map(([, table]) => table);
  const deleted = tables.flatMap((table) => [`table ${table}`, `delete table ${table}`]);
  return [...deleted, before].join('\n').trimEnd();
}
