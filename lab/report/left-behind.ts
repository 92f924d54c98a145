import type { CellResult, LeftBehind } from '../model/cell.ts';

/** What a failed upload may leave on the server, and how the matrix' legend calls it. */
const kinds: readonly (readonly [what: string, is: (left: LeftBehind) => boolean])[] = [
  ['nothing', ({ bytes }) => bytes === null],
  ['an empty file', ({ bytes, of }) => bytes === 0 && of > 0],
  ['part of the file', ({ bytes, of }) => bytes !== null && bytes > 0 && bytes < of],
  ['the whole file', ({ bytes, of }) => bytes !== null && bytes >= of],
];

/** What uploads that failed left on the servers, with how many cells: `an empty file (12 cells)`. '' if nobody looked. */
export function leftBehind(cells: readonly CellResult[]): string {
  const counts = kinds.map(([what, is]) => {
    const count = cells.filter(({ verdict }) => verdict.left !== undefined && is(verdict.left)).length;
    return count === 0 ? '' : `${what} (${count} ${count === 1 ? 'cell' : 'cells'})`;
  });
  return counts.filter(Boolean).join(', ');
}
