import { groupBy } from '../../group-by.ts';
import type { Cause } from '../../model/cause.ts';
import type { CellResult } from '../../model/cell.ts';
import { cures } from '../../verdict/cures.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** The causes of uploads that fail and were not expected to, in the cells' order: those that somebody may want to cure. */
export function causesToCure(cells: readonly CellResult[]): Cause[] {
  const failing = cells.filter(({ verdict, asExpected }) => !verdict.uploaded && asExpected !== true);
  return [...groupBy(failing, ({ verdict }) => verdict.cause).keys()];
}

/** What cures the uploads that fail, a sentence for each cause, and where more is said. '' if there is nothing to cure. */
export function curesText(cells: readonly CellResult[], style: Style): string {
  const causes = causesToCure(cells);
  if (causes.length === 0) return '';
  const colors = colorsOf(style);
  return [
    colors.bold('What cures it:'),
    ...causes.map((cause) => wrap(`  ${cause}: ${cureOf(cause)}`, style.width, '    ')),
  ].join('\n');
}

/** The cure of a cause in a sentence, and where more is said. */
export function cureOf(cause: Cause): string {
  return `${cures[cause].sentence} More: "ftplab explain ${cause}", docs/causes.md#${cause}.`;
}

/** A cause explained: its section of docs/causes.md, for a terminal. */
export function causeText(cause: Cause, section: string, style: Style): string {
  const paragraphs = section
    .split(/\n(?=\n|- )/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim());
  return [
    colorsOf(style).bold(cause),
    ...paragraphs
      .filter((paragraph) => paragraph !== '')
      .map((paragraph) => wrap(paragraph, style.width, paragraph.startsWith('- ') ? '  ' : '')),
  ].join('\n\n');
}
