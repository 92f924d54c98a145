/* The schema of two rule sets compared. */

import { z } from 'zod';
import type { Data } from '../../data.ts';
import { aspects, signs } from '../vocabulary.ts';
import { cell } from './cell.ts';
import { demands } from './demands.ts';
import { exposure, line, pinholeTest } from './exposure.ts';
import { headOf } from './head.ts';
import { portRange, rulesPlace } from './name-schemas.ts';
import { rulesNote } from './note.ts';
import { ruleSet } from './rule-set.ts';
import { rulesUsed } from './rule-use.ts';
import { rulesByPlace } from './run.ts';

const sign = z
  .enum(signs)
  .describe(
    '+ works now, - no longer works, ~ fails differently, = as before, ? not decided before or after.',
  );

export const cellChange = z.strictObject({
  cell: z.string().describe('The cell without its rule set.'),
  aspect: z.enum(aspects),
  sign,
});
/** How one aspect of one cell changed. */
export interface CellChange extends Data<typeof cellChange> {}

const portChange = z.strictObject({ line, opened: z.array(portRange), closed: z.array(portRange) });
/** A path whose open ports differ between two rule sets. */
export interface PortChange extends Data<typeof portChange> {}

const triedRules = z.strictObject({
  name: z.string(),
  file: z
    .string()
    .exactOptional()
    .describe('The file that they were read from, as it was given. Absent for shipped rule sets and code.'),
  firewall: rulesPlace
    .exactOptional()
    .describe(
      'Where an iptables-save file is loaded: a firewall, or a host whose own firewall it is. Absent for a rule set.',
    ),
  ruleSet: ruleSet.nullable().describe('null if they were not written as a rule set.'),
  rules: rulesByPlace
    .nullable()
    .describe('As they were loaded; null if the document was read from version 1.'),
  cells: z
    .array(cell)
    .describe('Each was tried twice; one that did not come to the same both times is inconclusive.'),
  exposure,
  notes: z
    .array(rulesNote)
    .exactOptional()
    .describe('What the reader should know of the rules and of what the lab lacks.'),
  used: rulesUsed.exactOptional(),
});
/** A rule set with its results: the cells, and what else it lets through. */
export interface TriedRules extends Data<typeof triedRules> {}

export const comparisonResult = z
  .strictObject({
    ...headOf('comparison'),
    before: triedRules,
    after: triedRules,
    changes: z.array(cellChange).describe('Aspects of cells that are not as before.'),
    ports: z
      .array(portChange)
      .describe('Which ports each way gained and lost; ways without a change are left out.'),
    demands: demands.exactOptional().describe('What was asked of the second rules. Absent if nothing was.'),
    intent: z
      .strictObject({
        why: z.string(),
        changes: z.array(cellChange),
        ports: z.array(portChange),
        holes: z.array(pinholeTest).describe('What the FTP helper opens now although no upload needs it.'),
      })
      .exactOptional()
      .describe('What changed and the intent file does not allow. Absent without such a file.'),
    summary: z.strictObject({
      breaksNothing: z
        .boolean()
        .describe('Whether everything that worked still works, and everything could be decided.'),
      lines: z
        .array(z.strictObject({ sign, text: z.string() }))
        .describe('The changes in words, worst first.'),
    }),
  })
  .describe('The same uploads under two rule sets: what changes, and what more gets through.');
/** The same uploads under two rule sets. */
export interface ComparisonResult extends Data<typeof comparisonResult> {}
