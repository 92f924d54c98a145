import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { pathCalled } from '../../model/names.ts';
import type { Demands } from '../../model/result/demands.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** How many cells a line names before it only counts the rest. */
const cellsShown = 4;

/** Whether what was asked of the rules holds. If nothing was asked: what the exit status would have been for asking it. */
export function demandsText(
  { need, forbid, unmet, broken }: Demands,
  cells: readonly CellResult[],
  style: Style,
): string {
  const colors = colorsOf(style);
  if (need.length + forbid.length === 0) return wrap(nothingAsked(cells), style.width, '  ');
  const line = (asked: readonly string[], wrong: readonly string[], good: string, bad: string) => {
    if (asked.length === 0) return [];
    const text = (words: string) => wrap(words, style.width, '  ');
    return wrong.length === 0
      ? [colors.green(text(`${good} (${asked.length} of ${asked.length}).`))]
      : [
          colors.bold(
            colors.red(
              text(
                `${bad} (${wrong.length} of ${asked.length}): ${list(
                  wrong.map((cell) => pathCalled(cell, style.names)),
                  cellsShown,
                )}.`,
              ),
            ),
          ),
        ];
  };
  return [
    ...line(need, unmet, 'Every needed upload works', 'NEEDED, but does not upload'),
    ...line(forbid, broken, 'No forbidden upload works', 'FORBIDDEN, but not shown to be blocked'),
  ].join('\n');
}

function nothingAsked(cells: readonly CellResult[]): string {
  const up = cells.filter(({ verdict }) => verdict.uploaded).length;
  const blocked = cells.filter(({ verdict }) => !verdict.uploaded && verdict.cause !== 'inconclusive').length;
  const status = (wrong: number) => (wrong === 0 ? '0' : `1 (for ${wrong} of ${cells.length})`);
  return `Nothing was asked of these uploads, so the exit status says only whether each could be decided. If all had to work (--need "*"), it would be ${status(cells.length - up)}; if none was allowed to (--forbid "*"), ${status(cells.length - blocked)}.`;
}
