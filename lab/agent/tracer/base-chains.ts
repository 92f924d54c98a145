/* Where chains stand: a base chain is one that packets enter from a hook (nft(8), "CHAINS"). */
import type { NftHook } from '../../model/packet.ts';
import { isBuiltIn, type TableName, tableNames } from '../../policy/iptables-syntax.ts';
import { rulesetMarker } from '../../policy/nft/lab-tables.ts';
import { tableName } from '../../policy/nft/table-name.ts';

/** What an nft base chain is declared as. */
export interface BaseChain {
  readonly type: string;
  readonly hook: NftHook;
  /** -2^31 to 2^31 - 1; chains of one hook are asked from low to high. */
  readonly priority: number;
  /** Whether it is a user's own in nft's language, though it may be called as one of iptables'. */
  readonly ofNft?: boolean;
}

/** A base chain, by its table as traces name it; `undefined` for another chain. */
export type BaseChainOf = (table: string, chain: string) => BaseChain | undefined;

/** Priorities by name (nft(8), "Standard priority names"). */
const named: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** Base chains in the output of `nft list ruleset`. */
export function baseChainsIn(listing: string): BaseChainOf {
  const found = new Map<string, BaseChain>();
  const others = tablesBeside(listing).map((one) => tableName(...(one.split(' ') as [string, string])));
  let [table, chain] = ['', ''];
  for (const line of listing.split('\n')) {
    const [, family, name] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (name) table = tableName(family ?? '', name);
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
    const [, type, hook, priority] = /^\t\ttype (\S+) hook (\S+) .*?priority ([^;]+);/.exec(line) ?? [];
    if (type !== undefined && hook !== undefined)
      found.set(`${table}\n${chain}`, {
        type,
        hook: hook as NftHook,
        priority: numberOf(priority ?? ''),
        ofNft: isOfNft(listing) && !others.includes(table),
      });
  }
  return (inTable, name) => found.get(`${inTable}\n${name}`);
}

/** The tables of iptables that stand beside a user's nft rules, as `family name`, by the output of `nft list ruleset`. */
export function tablesBeside(listing: string): string[] {
  const at = listing.indexOf(`table ${rulesetMarker} {`);
  if (at < 0) return [];
  const [chains = ''] = listing.slice(at).split(/^\}/m);
  return [...chains.matchAll(/^\tchain (\S+) \{/gm)].map(([, name = '']) => name.replace('-', ' '));
}

/** Whether a user's nft rules are in force, by the output of `nft list ruleset`. */
export function isOfNft(listing: string): boolean {
  return listing.includes(`table ${rulesetMarker} {`);
}

/** `filter`, `-150`, `filter + 10`. */
function numberOf(priority: string): number {
  const [, name = '', sign = '+', offset = '0'] = /^([a-z]+)(?: ([+-]) (\d+))?$/.exec(priority.trim()) ?? [];
  return name === '' ? Number(priority) : (named[name] ?? 0) + Number(`${sign}${offset}`);
}

/** The base chains of iptables' tables, and of ip6tables' (iptables(8), "TABLES"). */
export const iptablesBaseChain: BaseChainOf = (table, chain) => {
  const own = table.replace(/^ip6 /, '');
  const name = tableNames.find((one) => one === own) as TableName | undefined;
  if (name === undefined || !isBuiltIn(name, chain)) return undefined;
  const type = name === 'nat' ? 'nat' : 'filter';
  return { type, hook: chain.toLowerCase() as NftHook, priority: named[name] ?? 0 };
};
