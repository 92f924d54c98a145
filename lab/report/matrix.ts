import Table from 'cli-table3';
import { driverNames, transferModes } from '../ftp/attempt.ts';
import type { ClientName } from '../network/topology.ts';
import type { CellResult } from '../verdict/cell.ts';
import { groupBy } from './group-by.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { reaches, reachMeaning, reachOf } from './reach.ts';
import { colorsOf, type Style } from './style.ts';

/**
 * The matrix of a run: a table per client, a row per rule set, columns per server and transfer mode. A cell says how far
 * the client got; what was expected is calm, what differs has an exclamation mark and is red. Clients with equal results
 * share a table, attempts of another driver or with TLS have rows of their own. As many servers stand side by side as the width holds; needs a width of 60.
 */
export function matrix(cells: readonly CellResult[], style: Style): string {
  if (cells.length === 0) return '';
  const tables = sameOutcome(cells).flatMap(({ clients, cells: own }) =>
    tablesOf(clients.join(', '), own, style),
  );
  return [...tables, legend(cells, style)].join('\n\n');
}

/** The cells by client; clients with equal results share the first one's cells. */
export function sameOutcome(cells: readonly CellResult[]): { clients: ClientName[]; cells: CellResult[] }[] {
  const perClient = [...groupBy(cells, (cell) => cell.client)].map(([client, own]) => ({
    client,
    cells: own,
  }));
  const alike = groupBy(perClient, ({ cells: own }) =>
    own.map((cell) => [rowOf(cell), cell.server, cell.mode, textOf(cell)].join('/')).join(),
  );
  return [...alike.values()].map((group) => ({
    clients: group.map(({ client }) => client),
    cells: group[0]?.cells ?? [],
  }));
}

const gap = 1;
const bar = '| ';

/** How far the client got, with an exclamation mark where that is not as expected. */
export function textOf(cell: CellResult): string {
  return `${cell.asExpected === false ? '!' : ''}${reachOf(cell)}`;
}

/** The label of a cell's row: the rule set, with what is unusual about the program. */
export function rowOf({ ruleSet, driver, tls }: CellResult): string {
  const unusual = [...(driver === driverNames[0] ? [] : [driver]), ...(tls ? ['TLS'] : [])];
  return unusual.length === 0 ? ruleSet : `${ruleSet} (${unusual.join(', ')})`;
}

function tablesOf(title: string, cells: readonly CellResult[], style: Style): string[] {
  const servers = [...new Set(cells.map((cell) => cell.server))];
  const modes = transferModes.filter((mode) => cells.some((cell) => cell.mode === mode));
  const labelWidth = Math.max(...cells.map((cell) => rowOf(cell).length)) + gap;
  const cellWidth =
    Math.max(...modes.map((mode) => mode.length), ...cells.map((cell) => textOf(cell).length)) + gap;
  const columnWidth = Math.max(
    modes.length * cellWidth,
    ...servers.map((server) => `to ${server}`.length + gap),
  );
  const serverWidth = bar.length + columnWidth;
  const perTable = Math.max(1, Math.floor((style.width - labelWidth) / serverWidth));
  const colors = colorsOf(style);
  const shownAs = (cell: CellResult | undefined): string => {
    if (!cell) return ' '.repeat(cellWidth);
    const text = textOf(cell).padEnd(cellWidth);
    if (cell.asExpected === false || reachOf(cell) === '?') return colors.bold(colors.red(text));
    return cell.verdict.uploaded ? colors.green(text) : colors.dim(text);
  };
  const tables: string[] = [];
  for (let first = 0; first < servers.length; first += perTable) {
    const shown = servers.slice(first, first + perTable);
    const own = cells.filter((cell) => shown.includes(cell.server));
    const table = new Table({
      chars: { ...noLines, middle: colors.dim(bar) },
      style: { 'padding-left': 0, 'padding-right': 0, compact: true, border: [], head: [] },
      colWidths: [labelWidth, ...shown.map(() => columnWidth)],
    });
    table.push(['', ...shown.map((server) => colors.bold(`to ${server}`))]);
    table.push(['', ...shown.map(() => colors.dim(modes.map((mode) => mode.padEnd(cellWidth)).join('')))]);
    for (const [label, row] of groupBy(own, rowOf)) {
      const byPlace = new Map(row.map((cell) => [`${cell.server}/${cell.mode}`, cell]));
      table.push([
        label,
        ...shown.map((server) => modes.map((mode) => shownAs(byPlace.get(`${server}/${mode}`))).join('')),
      ]);
    }
    tables.push(`${colors.bold(`from ${title}`)}\n${withoutTrailingBlanks(table.toString())}`);
  }
  return tables;
}

function legend(cells: readonly CellResult[], style: Style): string {
  const used = new Set(cells.map(reachOf));
  const entries = reaches.filter((reach) => used.has(reach)).map((reach) => [reach, reachMeaning[reach]]);
  if (cells.some((cell) => cell.asExpected === false)) entries.push(['!', 'not as expected']);
  return entries.map(([sign, meaning]) => colorsOf(style).dim(`${sign}`.padEnd(7) + meaning)).join('\n');
}
