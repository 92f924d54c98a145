import type { CellResult } from '../../model/cell.ts';
import type { Demands } from '../../model/result/demands.ts';
import { pathOf } from '../../verdict/comparison.ts';
import { reachMeaning, reachOf } from '../reach.ts';
import { escapeMarkup } from '../svg/markup.ts';

/** A cell of the run, and its index in the run. */
export interface Indexed {
  readonly cell: CellResult;
  readonly index: number;
  /** What was asked of the run. */
  readonly asked?: Demands | undefined;
}

/**
 * The button that opens a cell's details. Its label repeats the result in words for readers who do not see the colour.
 * `where`: which cell it is.
 */
export function cellButton({ cell, index, asked }: Indexed, text: string, where: string): string {
  const shown = escapeMarkup(text);
  const kind = kindOf(cell, asked);
  const surprise =
    kind !== 'differs' ? '' : cell.asExpected === false ? ', not as expected' : ', not as asked';
  const label = `${shown}: ${reachMeaning[reachOf(cell)]}${surprise}, ${escapeMarkup(where)}`;
  return `<button type="button" class="cell ${kind}" data-cell="${index}" aria-label="${label}" aria-haspopup="dialog">${shown}</button>`;
}

/**
 * How a cell looks. Calm: uploads, and what was expected to be blocked. Loud, each by a sign and a border besides its colour: what
 * fails a check (`differs`), an upload that fails and nobody said that it should (`failed`), and what could not be decided.
 */
export const cellKinds = {
  up: 'uploads',
  blocked: 'does not upload, as expected',
  failed: 'does not upload',
  differs: 'not as it has to be',
  undecided: 'could not be decided',
  missing: 'not tried: the run was cut short',
} as const;
export type CellKind = keyof typeof cellKinds;

/** The kind of a cell of a run; `asked`: what was asked of it. */
export function kindOf(cell: CellResult, asked?: Demands): Exclude<CellKind, 'missing'> {
  const path = pathOf(cell);
  if (cell.asExpected === false || asked?.unmet.includes(path) || asked?.broken.includes(path))
    return 'differs';
  if (reachOf(cell) === '?') return 'undecided';
  if (cell.verdict.uploaded) return 'up';
  return cell.asExpected === true || asked?.forbid.includes(path) ? 'blocked' : 'failed';
}
