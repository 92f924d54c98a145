import type { CellResult } from '../model/cell.ts';
import type { Demands } from '../model/result/demands.ts';
import { pathOf } from './comparison.ts';

/** Which demands the cells do not fulfil. A cell that was not tried, or not decided, fulfils none. */
export function judgeDemands(
  { need, forbid }: Pick<Demands, 'need' | 'forbid'>,
  cells: readonly CellResult[],
): Demands {
  const verdicts = new Map(cells.map((cell) => [pathOf(cell), cell.verdict]));
  const blocked = (path: string) => {
    const verdict = verdicts.get(path);
    return verdict !== undefined && !verdict.uploaded && verdict.cause !== 'inconclusive';
  };
  return {
    need,
    forbid,
    unmet: need.filter((path) => !verdicts.get(path)?.uploaded),
    broken: forbid.filter((path) => !blocked(path)),
  };
}

/** Whether all that is needed works, and nothing that is forbidden. */
export function areMet({ unmet, broken }: Pick<Demands, 'unmet' | 'broken'>): boolean {
  return unmet.length + broken.length === 0;
}
