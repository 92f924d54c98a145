/* What a change of rules is meant to change, as a file says it. */
import { z } from 'zod';
import type { Data } from '../data.ts';
import { aspects } from './vocabulary.ts';

const mayUploads = ['work', 'fail', 'fail differently'] as const;

/** The schema of an intent file: whatever it does not allow must stay as it is. */
export const intentSchema = z.strictObject({
  why: z.string().describe('What the change is for, a sentence.'),
  uploads: z
    .array(
      z.strictObject({
        cells: z
          .string()
          .describe('client/server/mode, or a part of it; * stands for anything within a segment.'),
        what: z.array(z.enum(aspects)).default([...aspects]),
        may: z.enum(mayUploads),
      }),
    )
    .default([]),
  ports: z
    .array(
      z.strictObject({
        from: z.string().describe('A host, or * for any.'),
        to: z.string().describe('A host or firewall, or * for any.'),
        ports: z
          .string()
          .regex(/^\d{1,5}(-\d{1,5})?(, ?\d{1,5}(-\d{1,5})?)*$/)
          .default('1-65535')
          .describe('Such as 21, 1024-65535.'),
        may: z.enum(['open', 'close']),
      }),
    )
    .default([]),
  helperMayOpenMore: z
    .boolean()
    .default(false)
    .describe(
      'Whether the FTP helper may open what no upload needs, and did not before: ports below 1024, other hosts.',
    ),
});
/** What a change of rules is meant to change. */
export interface Intent extends Data<typeof intentSchema> {}

/** Which sign of a change each word allows. */
export const allowedSign = { work: '+', fail: '-', 'fail differently': '~' } as const;
