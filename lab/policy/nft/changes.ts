/*
 * What differs between two texts of nft rules for the packets that come by: the order of tables and chains decides nothing, and neither
 * do comments, counters and how a rule is broken into lines.
 */
import { type ChainChange, linesOfBoth, type WrittenLine } from '../chain-changes.ts';
import { layoutOf, type Statement } from './statements.ts';

/** The chains that differ, in the order of the later text, then what differs beside chains, such as sets. */
export function nftChanges(before: string, after: string): ChainChange[] {
  const [were, are] = [chainsOf(before), chainsOf(after)];
  return [...new Set([...are.keys(), ...were.keys()])].flatMap((key) => {
    const lines = linesOfBoth(were.get(key) ?? [], are.get(key) ?? []);
    if (lines.every(({ sign }) => sign === ' ')) return [];
    const [, table = '', chain = ''] = /^(\S+ \S+) (\S+)$/.exec(key) ?? [];
    return [{ table, chain, lines }];
  });
}

/** Lines by chain (`family table chain`), those of no chain by ''. */
function chainsOf(text: string): ReadonlyMap<string, WrittenLine[]> {
  const { statements, declarations } = layoutOf(text);
  const chains = new Map<string, WrittenLine[]>();
  const covered = new Set<number>();
  const all = [...declarations, ...statements].sort((one, other) => one.span[0] - other.span[0]);
  for (const statement of all) {
    const key = chainOf(statement);
    if (key === undefined) continue;
    const { line, span } = statement;
    const lines = text.slice(...span).split('\n').length;
    for (let own = line; own < line + lines; own++) covered.add(own);
    chains.set(key, [...(chains.get(key) ?? []), { line, text: withoutCounts(statement.text) }]);
  }
  const beside = text.split('\n').flatMap((whole, index) => {
    const line = index + 1;
    const own = whole.replace(/^((?:[^"#]|"[^"]*")*)#.*$/, '$1').trim();
    const opens = /^(?:(?:add )?table \S+ ?\S* \{|chain \S+ \{|[{};\s]*)$/.test(own);
    return covered.has(line) || opens ? [] : [{ line, text: withoutCounts(own) }];
  });
  if (beside.length > 0) chains.set('', beside);
  return chains;
}

function chainOf({ chain, text }: Statement): string | undefined {
  if (chain !== undefined) return chain;
  const [, family = 'ip', table, name] =
    /^(?:add|insert) rule (?:(ip6?|inet|arp|bridge|netdev) )?(\S+) (\S+) /.exec(text) ?? [];
  return table === undefined ? undefined : `${family} ${table} ${name}`;
}

function withoutCounts(text: string): string {
  return text.replaceAll(/\b(counter) packets \d+ bytes \d+/g, '$1');
}
