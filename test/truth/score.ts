import Table from 'cli-table3';
import { groupBy } from '../../lab/group-by.ts';
import type { Miss, Result } from './compare.ts';
import type { Entry } from './entry.ts';
import { modesOf } from './try-entry.ts';

/** An entry that was tried. */
export interface Scored {
  readonly kind: string;
  readonly entry: Entry;
  readonly result: Result;
  readonly misses: readonly Miss[];
  /** How long reading, loading and trying took, in milliseconds. */
  readonly ms: number;
}

/** A line for an entry that is right, two for each thing that is not. */
export function missLines({ entry, misses, ms }: Scored): string[] {
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  if (misses.length === 0) return [`right  ${entry.name} (${seconds})`];
  const alike = groupBy(misses, ({ expected, got }) => `${expected}\n${got}`);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    const modes = group.flatMap(({ mode }) => mode ?? []).join(', ');
    return [
      `WRONG  ${entry.name}${modes && ` ${modes}`} (${seconds})`,
      `         expected ${first?.expected}`,
      `         got      ${first?.got}`,
    ];
  });
}

interface Row {
  readonly kind: string;
  readonly right: number;
  readonly files: number;
  readonly cellsRight: number;
  readonly cells: number;
  readonly ms: number;
  readonly slowest: number;
}

function rowOf(kind: string, scored: readonly Scored[]): Row {
  const cells = scored.map(({ entry }) => ('refused' in entry.expected ? 1 : modesOf(entry).length));
  const wrong = scored.map(({ misses }, index) =>
    misses.some(({ mode }) => mode === null) ? (cells[index] ?? 0) : misses.length,
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    kind,
    right: scored.filter(({ misses }) => misses.length === 0).length,
    files: scored.length,
    cellsRight: sum(cells) - sum(wrong),
    cells: sum(cells),
    ms: sum(scored.map(({ ms }) => ms)),
    slowest: Math.max(...scored.map(({ ms }) => ms)),
  };
}

function rows(scored: readonly Scored[]): Row[] {
  const byKind = [...groupBy(scored, ({ kind }) => kind)].map(([kind, group]) => rowOf(kind, group));
  return [...byKind, rowOf('all', scored)];
}

const heads = ['kind', 'files right', 'cells right', 'seconds', 'slowest file'];

function cellsOfRow({ kind, right, files, cellsRight, cells, ms, slowest }: Row): string[] {
  const seconds = (time: number) => (time / 1000).toFixed(1);
  return [kind, `${right} of ${files}`, `${cellsRight} of ${cells}`, seconds(ms), seconds(slowest)];
}

/** How many files are right, of how many, and how long all took, in milliseconds. */
export function totals(scored: readonly Scored[]): { right: number; of: number; ms: number } {
  const right = scored.filter(({ misses }) => misses.length === 0).length;
  const ms = Math.round(scored.reduce((sum, one) => sum + one.ms, 0));
  return { right, of: scored.length, ms };
}

/** The score by kind as a table, and a last line with the total. */
export function scoreLines(scored: readonly Scored[]): string[] {
  const table = new Table({ head: heads, style: { head: [], border: [] } });
  table.push(...rows(scored).map(cellsOfRow));
  const { right, of } = totals(scored);
  const percent = Math.floor((1000 * right) / of) / 10;
  return [table.toString(), `${right} of ${of} files right in cause, rule and firewall: ${percent} %.`];
}

/** A page in Markdown with the score, and what is wrong, between `<!-- score -->` and `<!-- /score -->`. */
export function withScore(page: string, scored: readonly Scored[]): string {
  return page.replace(
    /(<!-- score -->\n)[\s\S]*(<!-- \/score -->)/,
    (_all, begin: string, end: string) => begin + inMarkdown(scored) + end,
  );
}

function inMarkdown(scored: readonly Scored[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const escaped = (text: string) => text.replaceAll('|', '\\|');
  const wrong = scored.flatMap(({ entry, misses }) =>
    [...groupBy(misses, ({ expected, got }) => `${expected}\n${got}`).values()].map((group) => {
      const modes = group.flatMap(({ mode }) => mode ?? []).join(', ');
      return line([entry.name, modes, escaped(group[0]?.expected ?? ''), escaped(group[0]?.got ?? '')]);
    }),
  );
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...rows(scored).map((row) => line(cellsOfRow(row))),
    ...(wrong.length === 0
      ? []
      : ['', line(['file', 'modes', 'expected', 'got']), '|---|---|---|---|', ...wrong]),
    '',
  ].join('\n');
}
