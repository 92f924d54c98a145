import { toTenths } from '../duration.ts';
import type { CellResult } from '../model/cell.ts';

/**
 * Combines several attempts of one cell: the result of the first that did not upload, or else of the first, with the
 * number that uploaded. Throws if there are none.
 */
export function repeated(results: readonly CellResult[]): CellResult {
  const [first] = results;
  if (!first) throw new Error('A cell was not attempted');
  if (results.length === 1) return first;
  const uploaded = results.filter(({ verdict }) => verdict.uploaded).length;
  const shown = results.find(({ verdict }) => !verdict.uploaded) ?? first;
  const count = `${uploaded} of ${results.length} attempts uploaded`;
  const { verdict } = shown;
  const sentence = verdict.uploaded
    ? `${verdict.sentence} ${count}.`
    : `${count}. One that did not: ${verdict.sentence}`;
  return {
    ...shown,
    verdict: { ...verdict, sentence },
    attempts: { made: results.length, uploaded },
    ms: toTenths(results.reduce((sum, { ms }) => sum + ms, 0)),
  };
}
