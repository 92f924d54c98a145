import type { CellResult } from '../../model/cell.ts';
import { differences } from '../../verdict/expectation.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * One paragraph per cell that is not as expected: what was expected, what came, the verdict's sentence, and the command that
 * looks closer. '' for none.
 */
export function differingCells(cells: readonly CellResult[], style: Style): string {
  const colors = colorsOf(style);
  return cells
    .filter((cell) => cell.asExpected === false)
    .map((cell) =>
      [
        colors.red(wrap(`${cell.id}: ${deviation(cell)}. ${cell.verdict.sentence}`, style.width, '  ')),
        wrap(`  look closer: ftplab explain ${cell.id}`, style.width, '    '),
      ].join('\n'),
    )
    .join('\n');
}

/** What of a cell's expectation was not met; where the upload itself differs, that alone, since the rest follows. */
export function deviation({ expected, verdict, steps }: CellResult): string {
  if (!expected) return 'nothing was expected';
  if (expected.uploaded && !verdict.uploaded) return `expected an upload, got ${verdict.cause}`;
  if (!expected.uploaded && verdict.uploaded)
    return `expected no upload (${expected.cause}), but it uploaded`;
  return differences(expected, verdict, steps).join('; ');
}
