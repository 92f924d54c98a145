import type { CellResult } from '../../model/cell.ts';
import { idCalled, type Names } from '../../model/names.ts';
import { differences } from '../../verdict/expectation.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * One paragraph for each cell that differs from what was expected: the expectation, the result, the verdict's sentence,
 * and the command that shows details. '' if none differs.
 */
export function differingCells(cells: readonly CellResult[], style: Style): string {
  const colors = colorsOf(style);
  return cells
    .filter((cell) => cell.asExpected === false)
    .map((cell) =>
      [
        colors.red(
          wrap(
            `${idCalled(cell.id, style.names)}: ${deviation(cell, style.names)}. ${cell.verdict.sentence}`,
            style.width,
            '  ',
          ),
        ),
        wrap(`  look closer: ftplab explain ${idCalled(cell.id, style.names)}`, style.width, '    '),
      ].join('\n'),
    )
    .join('\n');
}

/**
 * Which part of a cell's expectation was not met. If the upload itself differs, only that, since the rest follows from
 * it.
 */
export function deviation({ expected, verdict, steps }: CellResult, names: Names | undefined): string {
  if (!expected) return 'nothing was expected';
  if (expected.uploaded && !verdict.uploaded) return `expected an upload, got ${verdict.cause}`;
  if (!expected.uploaded && verdict.uploaded)
    return `expected no upload (${expected.cause}), but it uploaded`;
  return differences(expected, verdict, steps, names).join('; ');
}
