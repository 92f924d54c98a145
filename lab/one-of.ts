import { LabError } from './errors.ts';
import { suggestionFor } from './suggest.ts';

/** `text` itself if it is one of `known`; otherwise throws LabError `unknown-word` with a suggestion. */
export function oneOf<Word extends string>(what: string, text: string, known: readonly Word[]): Word {
  const found = known.find((word) => word === text);
  if (found !== undefined) return found;
  throw new LabError('usage', 'unknown-word', `There is no ${what} "${text}"`, suggestionFor(text, known));
}
