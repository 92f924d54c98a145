/* The schema of what the rules of a firewall did in a run. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { ruleUses } from '../vocabulary.ts';
import { rulesPlace } from './name-schemas.ts';

const ruleUse = z.strictObject({
  table: z.string(),
  chain: z.string(),
  line: z.int().describe('The line of the file, or of what was loaded if there is no file; from 1.'),
  file: z
    .string()
    .exactOptional()
    .describe('The file that has the line, if it is the second of its place: that of ip6tables-save.'),
  rule: z.string().describe('As it is written there.'),
  packets: z.int().describe('How many packets matched it.'),
  use: z
    .enum(ruleUses)
    .describe(
      'decided: packets matched it, and no later rule of the table was asked. met: packets matched it and went on. never: no packet of the run matched it.',
    ),
  shadowedBy: z
    .int()
    .nullable()
    .describe('The line that takes every packet that this one could match; null if that cannot be proven.'),
});
/** What one rule did in a run. */
export interface RuleUse extends Data<typeof ruleUse> {}

export const rulesUsed = z
  .record(rulesPlace, z.array(ruleUse))
  .describe('What the rules of each firewall on the way did while the cells were tried.');
/** What the rules of each firewall on the way did. */
export type RulesUsed = Data<typeof rulesUsed>;
