import Table from 'cli-table3';
import { groupBy } from '../../group-by.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { type CellResult, programOf } from '../../model/cell.ts';
import { called, type Names } from '../../model/names.ts';
import { type Sign, signs } from '../../model/vocabulary.ts';
import type { ClientName } from '../../network/topology.ts';
import { pathOf } from '../../verdict/comparison.ts';
import { leftBehind } from '../left-behind.ts';
import { reaches, reachMeaning, reachOf, seenReachOf } from '../reach.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { signMeaning } from './sign-meaning.ts';
import { colorsOf, type Style } from './style.ts';

/**
 * The matrix of a run: one table per client, a row per rule set, columns per server and transfer mode. A cell says how
 * far the client got. A result that differs from the expected one is red and has an exclamation mark. Clients with
 * equal results share a table. Attempts by other programs than the usual one, or with TLS, follow in tables of their
 * own, with columns per program. `marks` stand before cells that changed. Puts as many columns side by side as fit;
 * needs a width of 60.
 */
export function matrix(cells: readonly CellResult[], style: Style, marks: Marks = unmarked): string {
  if (cells.length === 0) return '';
  const labelOf = (cell: CellResult) => `${marks.get(pathOf(cell)) ?? ''}${textOf(cell)}`;
  const tables = sameOutcome(cells, labelOf).flatMap(({ clients, cells: own }) =>
    tablesOf(clients.map((client) => called(client, style.names)).join(', '), own, style, labelOf),
  );
  const meanings = signs
    .filter((sign) => cells.some((cell) => marks.get(pathOf(cell)) === sign))
    .map((sign) => colorsOf(style).dim(sign.padEnd(7) + signMeaning[sign].toLowerCase()));
  return [...tables, [legend(cells, style), ...meanings].join('\n')].join('\n\n');
}

/** The cells by client, those of the usual program first. Clients with equal results share the cells of the first. */
export function sameOutcome(
  cells: readonly CellResult[],
  labelOf: (cell: CellResult) => string = textOf,
): { clients: ClientName[]; cells: CellResult[] }[] {
  const perTable = groupBy(cells, (cell) => `${programOf(cell) === ''} ${cell.client}`);
  const alike = groupBy([...perTable.values()], (own) =>
    own.map((cell) => [cell.ruleSet, columnOf(cell, {}), cell.mode, labelOf(cell)].join('/')).join(),
  );
  const isUsual = ([own]: CellResult[][]) => own?.some((cell) => programOf(cell) === '');
  const usualFirst = [...alike.values()].sort((a, b) => Number(isUsual(b)) - Number(isUsual(a)));
  return usualFirst.map((group) => ({
    clients: group.flatMap(([first]) => (first ? [first.client] : [])),
    cells: group[0] ?? [],
  }));
}

/** What changed since an earlier run, by the cell's path. */
export type Marks = ReadonlyMap<string, Sign>;
const unmarked: Marks = new Map();

const gap = 1;
const bar = '| ';

/** How far the client got, with an exclamation mark if that was not expected, and a question mark if it is not proven. */
export function textOf(cell: CellResult): string {
  const reach = reachOf(cell);
  return `${cell.asExpected === false ? '!' : ''}${reach}${reach === '?' ? seenReachOf(cell) : ''}`;
}

/** The heading of a cell's column: the server, and the program if it is not the usual one. */
export function columnOf(cell: CellResult, names: Names | undefined): string {
  const program = programOf(cell);
  const server = called(cell.server, names);
  return program === '' ? `to ${server}` : `to ${server} (${program})`;
}

/** A column with the transfer modes that its cells have. */
interface Column {
  readonly heading: string;
  readonly modes: readonly TransferMode[];
  readonly width: number;
}

function tablesOf(
  title: string,
  cells: readonly CellResult[],
  style: Style,
  labelOf: (cell: CellResult) => string,
): string[] {
  const labelWidth = Math.max(...cells.map((cell) => cell.ruleSet.length)) + gap;
  const widest = Math.max(...cells.map((cell) => Math.max(cell.mode.length, labelOf(cell).length)));
  const cellWidth = widest + gap;
  const headingOf = (cell: CellResult) => columnOf(cell, style.names);
  const columns = [...groupBy(cells, headingOf)].map(([heading, own]): Column => {
    const modes = transferModes.filter((mode) => own.some((cell) => cell.mode === mode));
    return { heading, modes, width: Math.max(modes.length * cellWidth, heading.length + gap) };
  });
  const colors = colorsOf(style);
  const shownAs = (cell: CellResult | undefined): string => {
    if (!cell) return ' '.repeat(cellWidth);
    const text = labelOf(cell).padEnd(cellWidth);
    if (cell.asExpected === false || reachOf(cell) === '?') return colors.bold(colors.red(text));
    return cell.verdict.uploaded ? colors.green(text) : colors.dim(text);
  };
  return sideBySide(columns, style.width - labelWidth).map((shown) => {
    const table = new Table({
      chars: { ...noLines, middle: colors.dim(bar) },
      style: { 'padding-left': 0, 'padding-right': 0, compact: true, border: [], head: [] },
      colWidths: [labelWidth, ...shown.map(({ width }) => width)],
    });
    table.push(['', ...shown.map(({ heading }) => colors.bold(heading))]);
    const modesOf = ({ modes }: Column) => modes.map((mode) => mode.padEnd(cellWidth)).join('');
    table.push(['', ...shown.map((column) => colors.dim(modesOf(column)))]);
    const own = cells.filter((cell) => shown.some(({ heading }) => heading === headingOf(cell)));
    for (const [ruleSet, row] of groupBy(own, (cell) => cell.ruleSet)) {
      const byPlace = new Map(row.map((cell) => [`${headingOf(cell)}/${cell.mode}`, cell]));
      const places = ({ heading, modes }: Column) =>
        modes.map((mode) => shownAs(byPlace.get(`${heading}/${mode}`))).join('');
      table.push([ruleSet, ...shown.map(places)]);
    }
    return `${colors.bold(`from ${title}`)}\n${withoutTrailingBlanks(table.toString())}`;
  });
}

/** Splits the columns into groups no wider than `width`, with at least one column in each. */
function sideBySide(columns: readonly Column[], width: number): Column[][] {
  const groups: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    const needed = bar.length + column.width;
    const last = groups.at(-1);
    if (last && needed <= left) last.push(column);
    else {
      groups.push([column]);
      left = width;
    }
    left -= needed;
  }
  return groups;
}

/** What the words in these cells mean, one line each. '' for no cells. */
export function legend(cells: readonly CellResult[], style: Style): string {
  const used = new Set(cells.flatMap((cell) => [reachOf(cell), seenReachOf(cell)]));
  const entries: string[][] = reaches
    .filter((reach) => used.has(reach))
    .map((reach) => [reach, reachMeaning[reach]]);
  const left = leftBehind(cells);
  if (cells.some((cell) => cell.asExpected === false)) entries.push(['!', 'not as expected']);
  if (left !== '') entries.push(['left', `on the servers, where uploads failed: ${left}`]);
  return entries.map(([sign = '', meaning = '']) => colorsOf(style).dim(sign.padEnd(7) + meaning)).join('\n');
}
