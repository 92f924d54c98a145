import type { StepName } from '../model/attempt.ts';
import type { CellResult } from '../model/cell.ts';

/** How far a cell's client got, in the order of a session. */
export const reaches = ['up', 'small', 'list', 'login', 'conn', '-', '?'] as const;
export type Reach = (typeof reaches)[number];

/** What each word in the matrix means. */
export const reachMeaning: Record<Reach, string> = {
  up: 'uploads, bytes intact',
  small: 'the small upload arrives, the large one does not',
  list: 'logs in and lists, cannot upload',
  login: 'logs in, cannot list or upload',
  conn: 'connects, cannot log in',
  '-': 'cannot connect',
  '?': 'inconclusive; the word after it is how far the client got, unproven',
};

/** How far the client got. `?` if the cell was not decided; such a cell never counts as blocked. */
export function reachOf(cell: CellResult): Reach {
  return cell.verdict.cause === 'inconclusive' ? '?' : seenReachOf(cell);
}

/** How far the client got, whether or not it is proven what stopped it. */
export function seenReachOf(cell: CellResult): Exclude<Reach, '?'> {
  if (cell.verdict.uploaded) return 'up';
  const ok = (name: StepName) => cell.steps.some((step) => step.name === name && step.outcome === 'ok');
  if (ok('login')) {
    if (ok('store-small') && !ok('store-large')) return 'small';
    return ok('list') ? 'list' : 'login';
  }
  return ok('connect') ? 'conn' : '-';
}
