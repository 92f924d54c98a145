/* The schema of a recommendation. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { cell } from './cell.ts';
import { exposure } from './exposure.ts';
import { type Found, headOf } from './head.ts';
import { firewallName } from './name-schemas.ts';

const candidate = z.strictObject({
  name: z.string(),
  cells: z.array(cell).describe('The needed cells under it.'),
  exposure: exposure.nullable().describe('What it lets through; null unless all of the cells upload.'),
});
/** A rule set that might do: the needed cells under it, and what it lets through if all of them upload. */
export interface Candidate extends Data<typeof candidate> {}

const fix = z.strictObject({
  name: z.string(),
  ports: z.int().describe('Open ports on all lines at which any of the fixes was measured.'),
  inbound: z.int().describe('Those of them that lead inwards.'),
  abuses: z.int().describe('Holes that an FTP filter opens and nobody needs.'),
  exposure,
  opened: z
    .int()
    .exactOptional()
    .describe('Ports that it opens and the file in force has closed; absent if a rule set is in force.'),
  loses: z
    .array(z.string())
    .exactOptional()
    .describe(
      'What the file in force has or lets through, and would no longer; absent if a rule set is in force.',
    ),
  dominatedBy: z
    .string()
    .nullable()
    .describe('The fix that lets through nothing that this one does not, and less; null if there is none.'),
});
/** A candidate under which every needed cell uploads. */
export interface Fix extends Data<typeof fix> {}

export const recommendationResult = z
  .strictObject({
    ...headOf('recommendation'),
    need: z.array(z.string()).describe('The needed cells, without a rule set.'),
    before: z.string().describe('The rule set in force now.'),
    file: z
      .string()
      .exactOptional()
      .describe('The file in force now, which "ftplab fix" may mend; absent if a rule set is in force.'),
    onTheWay: z.array(firewallName).describe('Firewalls that some needed cell crosses.'),
    yardstick: z
      .string()
      .describe('The fix that costs are compared with, if it is among them: all high ports.'),
    fixes: z.array(fix).describe('Those that lose nothing first, then narrowest first.'),
    failing: z.array(candidate).describe('The candidates that do not meet the need.'),
    lines: z.int().describe("On how many lines the fixes' ports were added up."),
    steps: z
      .record(firewallName, z.array(z.string()))
      .nullable()
      .describe(
        "Steps in ISA's console per firewall from the rule set in force to the first fix; null if they cannot be told.",
      ),
  })
  .describe('Which rule set makes the needed uploads work and exposes the fewest other ports.');
/** Which rule set makes the needed uploads work and exposes the fewest other ports. */
export interface RecommendationResult extends Data<typeof recommendationResult> {}
/** The same before it says where it comes from. */
export interface Recommendation extends Found<RecommendationResult> {}
/** The fixes, narrowest first, and the candidates that do not meet the need. */
export type Ranking = Pick<Recommendation, 'fixes' | 'failing' | 'lines'>;
