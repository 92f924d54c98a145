import { groupBy } from '../../group-by.ts';
import { firstOf } from '../../list.ts';
import type { Cause } from '../../model/cause.ts';
import type { CellResult, Verdict } from '../../model/cell.ts';
import { cureFor } from '../../verdict/cures.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Of uploads that fail and were not expected to, one verdict for each cure, in the cells' order. */
export function failuresToCure(cells: readonly CellResult[]): Verdict[] {
  return firstOfEach(
    cells
      .filter(({ verdict, asExpected }) => !verdict.uploaded && asExpected !== true)
      .map(({ verdict }) => verdict),
  );
}

/** Of verdicts on failures, the first one of each cause and cure. */
export function firstOfEach(verdicts: readonly Verdict[]): Verdict[] {
  const kinds = groupBy(verdicts, (verdict) => `${verdict.cause} ${cureFor(verdict).sentence}`);
  return [...kinds.values()].flatMap((alike) => alike.slice(0, 1));
}

/**
 * What cures the uploads that fail, a sentence for each of the first `most` causes and cures, and where more is said. '' if there is
 * nothing to cure.
 */
export function curesText(
  cells: readonly CellResult[],
  style: Style,
  most = Number.POSITIVE_INFINITY,
): string {
  const failures = failuresToCure(cells);
  if (failures.length === 0) return '';
  const colors = colorsOf(style);
  return [
    colors.bold('What cures it:'),
    ...firstOf(
      failures.map((verdict) => `  ${verdict.cause}: ${cureOf(verdict)}`),
      most,
      (more) => `  and ${more} more: "ftplab explain CAUSE"`,
    ).map((text) => wrap(text, style.width, '    ')),
  ].join('\n');
}

/** The cure of a failure in a sentence, and where more is said. */
export function cureOf(verdict: Verdict): string {
  const { cause } = verdict;
  return `${cureFor(verdict).sentence} More: "ftplab explain ${cause}", docs/causes.md#${cause}.`;
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
