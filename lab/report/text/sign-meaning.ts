import type { Sign } from '../../model/vocabulary.ts';

/** What each sign means for a cell. */
export const signMeaning: Record<Sign, string> = {
  '+': 'works now',
  '-': 'NO LONGER WORKS',
  '~': 'fails differently',
  '=': 'unchanged',
  '?': 'undecided',
};
