/*
 * Changes to an iptables-save file as somebody would make them by hand: lines are added in the file's own style, and every
 * other line stays as it is.
 */
import { createTwoFilesPatch } from 'diff';
import type { SavedFile, SavedRule, SavedTable } from '../iptables-save.ts';
import { builtInChains, quoted, type TableName, valuesOf, withoutCounters } from '../iptables-syntax.ts';

/** A rule to add to a file. */
export interface AddedRule {
  readonly table: TableName;
  readonly chain: string;
  /** What it matches and does, without `-A CHAIN`: `-s 10.0.0.1/32 ... -j ACCEPT`. States are written `-m conntrack --ctstate`. */
  readonly rule: string;
  /** The line that it goes in front of; `null` puts it at the end of its chain. */
  readonly before: number | null;
  /** What it is for, in a few words; becomes its comment if the file's rules have comments. */
  readonly purpose: string;
}

/** How a file's rules are written. */
export interface Style {
  /** Rules begin with `[packets:bytes]`, as `iptables-save -c` prints them. */
  readonly counters: boolean;
  /** States are matched by `-m state --state`, the old form (iptables-extensions(8), state). */
  readonly oldStates: boolean;
  /** At least half of the rules that accept or drop have a comment. */
  readonly comments: boolean;
}

/** How a file's rules are written, by what most of them do. */
export function styleOf(tables: readonly SavedTable[]): Style {
  const rules = tables.flatMap((table) => table.rules);
  const count = (holds: (options: readonly string[], text: string) => boolean) =>
    rules.filter(({ options, text }) => holds(options, text)).length;
  const matching = (match: string) => count((options) => valuesOf(options, '-m', '--match').includes(match));
  return {
    counters: rules.length > 0 && count((_options, text) => text.startsWith('[')) === rules.length,
    oldStates: matching('state') > matching('conntrack'),
    comments: rules.length > 0 && matching('comment') * 2 >= rules.length,
  };
}

/**
 * The file's text with the rules added. Rules for one place keep their order. One that is there already is not added again: behind
 * its place it is moved, and one that differs by RELATED and ESTABLISHED alone gets both states.
 */
export function withRules({ text, tables }: SavedFile, added: readonly AddedRule[]): string {
  const style = styleOf(tables);
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  const insertions = new Map<number, string[]>();
  const removed = new Set<number>();
  const newTables = new Map<TableName, string[]>();
  for (const rule of added) {
    const line = lineOf(rule, style);
    const table = tables.find(({ name }) => name === rule.table);
    const place = table ? (rule.before ?? endOf(table, rule.chain, lines)) : null;
    const known = lines.indexOf(line);
    if (known >= 0 && (place === null || known + 1 < place)) continue;
    if (known >= 0) removed.add(known);
    const related = lines.indexOf(line.replace('state ESTABLISHED', 'state RELATED'));
    if (known < 0 && related >= 0) {
      lines[related] = line.replace('state ESTABLISHED', 'state RELATED,ESTABLISHED');
      continue;
    }
    const target = place === null ? entry(newTables, rule.table) : entry(insertions, place);
    if (!target.includes(line)) target.push(line);
  }
  const changed = lines.flatMap((line, index) => [
    ...(insertions.get(index + 1) ?? []),
    ...(removed.has(index) ? [] : [line]),
  ]);
  for (const [name, rules] of newTables)
    changed.push(
      `*${name}`,
      ...builtInChains[name].map((chain) => `:${chain} ACCEPT [0:0]`),
      ...rules,
      'COMMIT',
    );
  return `${changed.join('\n')}\n`;
}

/** The change as a unified diff that `patch -p0` applies in the file's folder. */
export function patchOf(file: string, before: string, after: string): string {
  return createTwoFilesPatch(file, file, before, after, undefined, undefined, { context: 3 }).replace(
    /^(?:Index: .*\n)?=+\n/,
    '',
  );
}

function entry<Key>(map: Map<Key, string[]>, key: Key): string[] {
  const known = map.get(key) ?? [];
  map.set(key, known);
  return known;
}

function lineOf({ chain, rule, purpose }: AddedRule, { counters, oldStates, comments }: Style): string {
  const stated = oldStates ? rule.replaceAll('-m conntrack --ctstate', '-m state --state') : rule;
  const commented = comments
    ? stated.replace(/ -j (?=\S+)/, ` -m comment --comment ${quoted(purpose)} -j `)
    : stated;
  return `${counters ? '[0:0] ' : ''}-A ${chain} ${commented}`;
}

/** The line after the chain's last rule, or the table's COMMIT if the chain has none. Lines are counted from 1. */
function endOf(table: SavedTable, chain: string, lines: readonly string[]): number {
  const last = table.rules.findLast((rule) => rule.chain === chain);
  if (last) return last.line + 1;
  return lines.findIndex((line, index) => index + 1 > table.line && line.trim() === 'COMMIT') + 1;
}

/** A rule of a file, and the table that it stands in. */
export interface RuleOfTable extends SavedRule {
  readonly table: TableName;
}

/** The rules of a file that another one does not have, in its order, whatever their counters. */
export function rulesAdded(before: SavedFile, after: SavedFile): RuleOfTable[] {
  const key = (table: TableName, { text }: SavedRule) => `${table} ${withoutCounters(text)}`;
  const known = new Set(before.tables.flatMap(({ name, rules }) => rules.map((rule) => key(name, rule))));
  return after.tables.flatMap(({ name, rules }) =>
    rules.filter((rule) => !known.has(key(name, rule))).map((rule) => ({ ...rule, table: name })),
  );
}

/** A file's text without one of its rules, and without its table if that has no other rule and the file had no such table. */
export function withoutRule(
  { text, tables }: SavedFile,
  { line, table }: RuleOfTable,
  asFound: SavedFile,
): string {
  const lines = text.split('\n');
  const own = tables.find(({ name }) => name === table);
  const whole = own?.rules.length === 1 && asFound.tables.every(({ name }) => name !== table);
  if (!own || !whole) return lines.toSpliced(line - 1, 1).join('\n');
  const end = lines.findIndex((word, index) => index >= line && word.trim() === 'COMMIT');
  return lines.toSpliced(own.line - 1, end - own.line + 2).join('\n');
}
