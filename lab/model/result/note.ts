import { z } from 'zod';
import type { Data } from '../../data.ts';

/** What the reader of verdicts should know of the rules that were tried. */
export const rulesNote = z.strictObject({
  kind: z
    .enum(['fact', 'cannot-matter', 'can-matter', 'not-in-force', 'doubtful'])
    .describe(
      'fact: how they were loaded or tried. cannot-matter, can-matter: what the lab lacks for some of them, and whether an upload can depend on it. not-in-force: a line that the kernel does not have as written. doubtful: the file may not hold all that decides.',
    ),
  text: z.string().describe('One sentence, or a few.'),
});
export interface RulesNote extends Data<typeof rulesNote> {}
