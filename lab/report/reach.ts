import type { StepName } from '../model/attempt.ts';
import type { CellResult } from '../model/cell.ts';

/** How far a cell's client got, in the order of the session. */
export const reaches = ['up', 'small', 'list', 'login', 'conn', '-', '?'] as const;
export type Reach = (typeof reaches)[number];

/** What each word in the matrix means. */
export const reachMeaning: Record<Reach, string> = {
  up: 'uploads, bytes intact',
  small: 'the small upload arrives, the large one does not',
  list: 'logs in and lists, does not store',
  login: 'logs in, neither lists nor stores',
  conn: 'connects, cannot log in',
  '-': 'cannot connect',
  '?': 'inconclusive',
};

/** How far the client got. `?` for a cell that could not be decided: never counted as blocked. */
export function reachOf(cell: CellResult): Reach {
  if (cell.verdict.cause === 'inconclusive') return '?';
  if (cell.verdict.uploaded) return 'up';
  const ok = (name: StepName) => cell.steps.some((step) => step.name === name && step.outcome === 'ok');
  if (ok('login')) {
    if (ok('store-small') && !ok('store-large')) return 'small';
    return ok('list') ? 'list' : 'login';
  }
  return ok('connect') ? 'conn' : '-';
}
