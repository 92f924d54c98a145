import Table from 'cli-table3';
import type { CellResult } from '../../model/cell.ts';
import { causeHeadings, causeRows } from '../cause-rows.ts';
import { reachOf } from '../reach.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const gap = 2;

/**
 * The table of staged causes, one cell a line: who uploads to whom and how, how far the client got, the cause, and the
 * firewall and rule that refused. If the width cannot hold five columns, each scenario becomes a paragraph.
 */
export function causeTable(cells: readonly CellResult[], style: Style): string {
  const rows = causeRows(cells, style.names);
  const lines = rows.map(({ cell, texts: [scenario, ...rest] }, index) => {
    const again = rows[index - 1]?.cell.ruleSet === cell.ruleSet;
    return { cell, texts: [again ? '' : scenario, ...rest] };
  });
  if (lines.length === 0) return '';
  const colors = colorsOf(style);
  const paint = (cell: CellResult, text: string) => {
    if (cell.asExpected === false || reachOf(cell) === '?') return colors.bold(colors.red(text));
    return cell.verdict.uploaded ? colors.green(text) : text;
  };
  const widths = causeHeadings.map(
    (heading, column) =>
      Math.max(heading.length, ...lines.map(({ texts }) => texts[column]?.length ?? 0)) + gap,
  );
  if (widths.reduce((sum, width) => sum + width, 0) - gap > style.width)
    return lines
      .flatMap(({ cell, texts: [name = '', ...rest] }) => [
        ...(name === '' ? [] : [colors.bold(name)]),
        paint(cell, wrap(`  ${sentence(rest)}`, style.width, '    ')),
      ])
      .join('\n');
  const table = new Table({
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 0, compact: true, border: [], head: [] },
    colWidths: widths,
  });
  table.push(causeHeadings.map((heading) => colors.dim(heading)));
  for (const { cell, texts } of lines)
    table.push(texts.map((text, column) => (column < 2 ? text : paint(cell, text))));
  return withoutTrailingBlanks(table.toString());
}

function sentence([path, reach, cause, by]: readonly string[]): string {
  return `${path}: ${reach}, ${cause}${by === '' ? '' : ` by ${by}`}`;
}
