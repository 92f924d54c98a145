/*
 * What differs between two texts of iptables-save for the packets that come by: the order of tables, of chains' declarations and
 * of rules in different chains decides nothing, and neither do counters and comments of iptables-save.
 */
import { diffArrays } from 'diff';
import type { Family } from '../network/family.ts';
import { readTables, type SavedTable } from './iptables-save.ts';
import { isBuiltIn, withoutCounters } from './iptables-syntax.ts';
import { rulesInOrder } from './rule-lines.ts';

/** A line of a chain: `+` is new, `-` is gone, and ` ` is as before. `line`: in the later text, of `-` in the former; from 1. */
export interface ChainLine {
  readonly sign: '+' | '-' | ' ';
  readonly line: number;
  readonly text: string;
}

/** A chain that is not as before, with all its lines; a declaration comes first (`:FORWARD DROP`). */
export interface ChainChange {
  /** As iptables names it, or `family name` as nft does. */
  readonly table: string;
  /** '' for what stands beside the chains of a file of nft rules. */
  readonly chain: string;
  readonly lines: readonly ChainLine[];
}

/** The chains that differ, in the order of the later text; those that it lacks come last. Throws LabError `iptables-file-malformed`. */
export function chainChanges(before: string, after: string, family: Family = 'ipv4'): ChainChange[] {
  const [were, are] = [chainsOf(before, family), chainsOf(after, family)];
  return [...new Map([...are, ...were])].flatMap(([key, { table, chain }]) => {
    const both = linesOfBoth(were.get(key)?.lines ?? [], are.get(key)?.lines ?? []);
    // A chain of the kernel accepts anyway; said beside another policy it tells what that was or will be.
    const policies = both.filter(({ text }) => text.startsWith(':'));
    const lines = both.filter(
      ({ sign, text }) => sign === ' ' || policies.length > 1 || !/^:.* ACCEPT$/.test(text),
    );
    return lines.some(({ sign }) => sign !== ' ') ? [{ table, chain, lines }] : [];
  });
}

/** A line of a chain, as it is compared. */
export interface WrittenLine {
  readonly line: number;
  readonly text: string;
}

interface WrittenChain extends Pick<ChainChange, 'table' | 'chain'> {
  readonly lines: readonly WrittenLine[];
}

/** The chains that say something: those of the kernel that have rules or drop, and a file's own. */
function chainsOf(text: string, family: Family): Map<string, WrittenChain> {
  const written = text.split(/\r?\n/);
  return new Map(
    readTables(text, family).flatMap((table) =>
      table.chains.flatMap((chain) => {
        const rules = rulesOf(table, chain);
        const declaration = declarationOf(table, chain, written);
        const says = rules.length > 0 || !/ ACCEPT$/.test(declaration?.text ?? ' ACCEPT');
        if (!says) return [];
        const lines = [declaration ?? { line: table.line, text: `:${chain} ACCEPT` }, ...rules];
        return [[`${table.name} ${chain}`, { table: table.name, chain, lines }] as const];
      }),
    ),
  );
}

function rulesOf({ rules }: SavedTable, chain: string): WrittenLine[] {
  const ordered = rulesInOrder(rules.filter((rule) => rule.chain === chain));
  // A rule with several addresses is several for the kernel, and one line of the text.
  return ordered
    .filter(({ line }, index) => ordered[index - 1]?.line !== line)
    .map(({ line, text }) => ({ line, text: withoutCounters(text).trim() }));
}

/** `:FORWARD DROP` of a table, without counters. A chain of the kernel that is not declared accepts. */
function declarationOf(
  { name, line: start }: SavedTable,
  chain: string,
  written: readonly string[],
): WrittenLine | undefined {
  const end = written.findIndex((text, index) => index >= start && text.trim() === 'COMMIT');
  const at = written.findIndex(
    (text, index) => index >= start && index < end && text.startsWith(`:${chain} `),
  );
  if (at < 0) return undefined;
  const [, policy = '-'] = (written[at] ?? '').split(/\s+/);
  return { line: at + 1, text: `:${chain} ${isBuiltIn(name, chain) ? policy : '-'}` };
}

/** Lines of a chain as it was and as it is. */
export function linesOfBoth(before: readonly WrittenLine[], after: readonly WrittenLine[]): ChainLine[] {
  let [was, is] = [0, 0];
  const texts = (lines: readonly WrittenLine[]) => lines.map(({ text }) => text);
  return diffArrays(texts(before), texts(after)).flatMap(({ value, added, removed }) =>
    value.map((text): ChainLine => {
      if (removed) return { sign: '-', line: before[was++]?.line ?? 0, text };
      const line = after[is++]?.line ?? 0;
      if (added) return { sign: '+', line, text };
      was++;
      return { sign: ' ', line, text };
    }),
  );
}
