/* The schema of what the doctor found. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';

const check = z.strictObject({
  name: z.string(),
  ok: z
    .union([z.boolean(), z.literal('unknown')])
    .describe('unknown: it could not be determined, and "detail" says why. Never read it as true.'),
  detail: z.string().describe("What was found: a version, an amount, a tool's own message."),
  purpose: z.string().describe('What it is for.'),
  neededBy: z
    .union([z.array(z.string()), z.literal('all')])
    .describe('Names of the scenarios that need it; all: every one does.'),
  commands: z
    .array(z.string())
    .exactOptional()
    .describe('Commands that need it whatever the scenario; absent if none does.'),
  fix: z.string().exactOptional().describe('What to do if it is missing.'),
});
/** One thing that the lab needs of the machine, and whether it is there. */
export interface Check extends Data<typeof check> {}

export const checksResult = z
  .strictObject({ ...headOf('checks'), checks: z.array(check) })
  .describe('What the lab needs of this machine, and whether it is there.');
