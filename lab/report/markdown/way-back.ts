import type { FirewallRules } from '../../model/rule-set.ts';
import { tablesOf } from '../../policy/iptables-syntax.ts';

/**
 * What puts a firewall's rules back, as input of iptables-restore and of `nft -f`; empty where there is nothing to do. Only
 * tables that differ are touched: a file may be a part of what is in force, and must not empty the rest.
 */
export function wayBack(before: FirewallRules, after: FirewallRules): { iptables: string; nft: string } {
  return {
    iptables: touchedTables(before.iptables, after.iptables).join('\n'),
    nft: before.nft === after.nft ? '' : companions(before.nft ?? '', after.nft ?? ''),
  };
}

/** The tables that differ, as they were: iptables-restore(8) empties and fills those that it is given, and no other. */
function touchedTables(before: string, after: string): string[] {
  const [were, are] = [tablesOf(before), tablesOf(after)];
  const added = [...are.keys()].filter((name) => !were.has(name)).map((name) => `*${name}\nCOMMIT`);
  return [...[...were].flatMap(([name, text]) => (are.get(name) === text ? [] : [text])), ...added];
}

/** Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete"). */
function companions(before: string, after: string): string {
  const tables = [...after.matchAll(/^table (ip \S+) \{/gm)].map(([, table]) => table);
  const deleted = tables.flatMap((table) => [`table ${table}`, `delete table ${table}`]);
  return [...deleted, before].join('\n').trimEnd();
}
