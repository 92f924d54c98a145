/* The schema of what a user asked of rules: uploads that must work, and uploads that must not. */
import { z } from 'zod';
import type { Data } from '../../data.ts';

export const demands = z
  .strictObject({
    need: z.array(z.string()),
    forbid: z.array(z.string()),
    unmet: z.array(z.string()).describe('Needed cells that do not upload, or could not be decided.'),
    broken: z.array(z.string()).describe('Forbidden cells that upload, or could not be decided.'),
  })
  .describe('Uploads that must work, and uploads that must not: cells without their rule set.');
/** Uploads that must work, uploads that must not, and which of them did not come out so. Cells go without their rule set. */
export interface Demands extends Data<typeof demands> {}
