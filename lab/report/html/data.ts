import type { CellResult } from '../../verdict/cell.ts';
import type { RunResult, Setting } from '../../verdict/run-result.ts';
import { reachMeaning, reachOf } from '../reach.ts';

/*
 * What the page's own script works with. It is embedded in the page as JSON, and has in it all that is known of the run:
 * a report is also a record.
 */

/** A cell with the words that the matrix shows for it. */
export interface PageCell extends CellResult {
  /** How far the client got: the matrix's word, and what it means. */
  readonly reach: string;
  readonly meaning: string;
}

export interface PageData {
  readonly cells: readonly PageCell[];
  readonly setting: Setting | null;
}

export function pageData({ cells, setting }: RunResult): PageData {
  return {
    cells: cells.map((cell) => {
      const reach = reachOf(cell);
      return { ...cell, reach, meaning: reachMeaning[reach] };
    }),
    setting: setting ?? null,
  };
}

/** JSON for a script element: no text in it, not even a rule's comment, can end the element. */
export function embeddedJson(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
