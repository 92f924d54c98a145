/* The schema of a list of scenarios. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';

export const scenariosResult = z
  .strictObject({
    ...headOf('scenarios'),
    scenarios: z.array(
      z.strictObject({
        name: z.string(),
        question: z.string(),
        cells: z.int().describe('How many cells it has.'),
      }),
    ),
  })
  .describe('The scenarios with their questions.');

/** The scenarios with their questions. */
export interface ScenariosResult extends Data<typeof scenariosResult> {}
