import { withFile } from '../trial/load-module.ts';
import type { Context } from './context.ts';
import { notesOn } from './notes-on.ts';
import type { NamedRules } from './options/rule-sets.ts';
import type { Work } from './with-lab.ts';

/**
 * Loads each of the rules in turn, the last ones to stay: one that does not load is known before anything is tried. Tells
 * what the reader should know of them. Throws LabError `rule-set-does-not-load` with the word that is to blame.
 */
export async function loadEach(
  { lab }: Work,
  rules: readonly NamedRules[],
  { output }: Context,
): Promise<void> {
  for (const { word, file } of rules) {
    const ms = await lab.load(file.rules(lab.plan)).catch((error) => Promise.reject(withFile(error, word)));
    for (const text of notesOn(file, lab, ms)) output.message(`note: ${word}: ${text}`);
  }
}
