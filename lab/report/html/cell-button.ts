import type { CellResult } from '../../model/cell.ts';
import { reachMeaning, reachOf } from '../reach.ts';
import { escapeMarkup } from '../svg/markup.ts';

/** A cell of the run, and its index in the run. */
export interface Indexed {
  readonly cell: CellResult;
  readonly index: number;
}

/**
 * The button that opens a cell's details. Its label repeats the result in words for readers who do not see the colour.
 * `where`: which cell it is.
 */
export function cellButton({ cell, index }: Indexed, text: string, where: string): string {
  const shown = escapeMarkup(text);
  const surprise = cell.asExpected === false ? ', not as expected' : '';
  const label = `${shown}: ${reachMeaning[reachOf(cell)]}${surprise}, ${escapeMarkup(where)}`;
  return `<button type="button" class="cell ${kindOf(cell)}" data-cell="${index}" aria-label="${label}" aria-haspopup="dialog">${shown}</button>`;
}

/** How a cell looks: calm if it came out as expected, loud if not. */
function kindOf(cell: CellResult): 'differs' | 'undecided' | 'up' | 'blocked' {
  if (cell.asExpected === false) return 'differs';
  if (reachOf(cell) === '?') return 'undecided';
  return cell.verdict.uploaded ? 'up' : 'blocked';
}
