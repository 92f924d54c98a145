/* The schema of the results for one save of a watched file. */

import { z } from 'zod';
import type { Data } from '../../data.ts';
import { cell } from './cell.ts';
import { cellChange } from './comparison.ts';
import { demands } from './demands.ts';
import { headOf } from './head.ts';
import { instant } from './name-schemas.ts';
import { rulesNote } from './note.ts';

export const roundResult = z
  .strictObject({
    ...headOf('round'),
    at: instant.describe('When the round was done.'),
    cells: z.array(cell),
    changes: z.array(cellChange).describe('What changed since the round before.'),
    notes: z.array(rulesNote).describe('What the reader of the verdicts should know of the rules.'),
    demands: demands.exactOptional().describe('What was asked of the rules. Absent if nothing was.'),
    error: z
      .strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() })
      .nullable()
      .describe('Why the file did not load; cells and changes are empty then.'),
    ms: z.number().describe('Time from when the save was seen to the last cell.'),
  })
  .describe('The results for one save of a watched file; a line of JSON for each.');
/** The results for one saved version of a watched file. */
export interface RoundResult extends Data<typeof roundResult> {}
