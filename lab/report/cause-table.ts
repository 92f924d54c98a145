import Table from 'cli-table3';
import { type CellResult, programOf } from '../verdict/cell.ts';
import { groupBy } from './group-by.ts';
import { textOf } from './matrix.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { reachOf } from './reach.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const headings = ['scenario', 'who to whom', 'how far', 'cause', 'refused by'];
const gap = 2;

/**
 * What scenarios that stage causes came to, a cell a line: who uploads to whom and how, how far, for what cause, and which
 * rule on which firewall refused. Where the width does not hold five columns, each scenario is a paragraph.
 */
export function causeTable(cells: readonly CellResult[], style: Style): string {
  const lines = [...groupBy(cells, (cell) => cell.ruleSet)].flatMap(([name, own]) =>
    own.map((cell, index) => ({ cell, texts: [index === 0 ? name : '', ...textsOf(cell)] })),
  );
  if (lines.length === 0) return '';
  const colors = colorsOf(style);
  const paint = (cell: CellResult, text: string) => {
    if (cell.asExpected === false || reachOf(cell) === '?') return colors.bold(colors.red(text));
    return cell.verdict.uploaded ? colors.green(text) : text;
  };
  const widths = headings.map(
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
  table.push(headings.map((heading) => colors.dim(heading)));
  for (const { cell, texts } of lines)
    table.push(texts.map((text, column) => (column < 2 ? text : paint(cell, text))));
  return withoutTrailingBlanks(table.toString());
}

/** The texts of all columns but the first. */
function textsOf(cell: CellResult): string[] {
  const { cause, firewall, rule } = cell.verdict;
  const often = cell.attempts && `${cell.attempts.uploaded} of ${cell.attempts.made} up`;
  return [
    [`${cell.client} > ${cell.server}`, cell.mode, programOf(cell)].filter(Boolean).join(', '),
    often ?? textOf(cell),
    cause,
    firewall === null ? '' : `${firewall}: ${rule}`,
  ];
}

function sentence([path, reach, cause, by]: readonly string[]): string {
  return `${path}: ${reach}, ${cause}${by === '' ? '' : ` by ${by}`}`;
}
