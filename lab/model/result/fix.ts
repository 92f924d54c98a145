/* The schema of a patch for a file, with its proof. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { fixStrategies } from '../vocabulary.ts';
import { cell } from './cell.ts';
import { exposure } from './exposure.ts';
import { type Found, headOf } from './head.ts';

const triedPatch = z.strictObject({
  strategy: z
    .enum(fixStrategies)
    .describe("helper: by the kernel's FTP helper. range: by the ports that the server draws from."),
  text: z.string().describe('The text of the file with the patch.'),
  patch: z.string().describe('The difference, as patch -p0 takes it.'),
  lines: z.int().describe('How many lines it adds.'),
  cells: z.array(cell).describe('Every cell that crosses the firewall, under the patched file.'),
  unmet: z.array(z.string()).describe('Needed cells that do not upload, without their rule set.'),
  broken: z
    .array(z.string())
    .exactOptional()
    .describe('Forbidden cells that upload, or could not be decided. Absent if nothing was forbidden.'),
  lost: z.array(z.string()).describe('Cells in which something no longer works.'),
  exposure: exposure
    .nullable()
    .describe('null for a patch that does not meet the need: it was not measured.'),
  opened: z.int().describe('Ports that the patch opens, added up over all ways from host to host.'),
  holes: z
    .int()
    .exactOptional()
    .describe(
      'Holes that the FTP helper opens under it, nobody needs, and were not there before; absent for none.',
    ),
  configuration: z
    .strictObject({
      program: z.string(),
      steps: z
        .array(z.string())
        .describe('What to write where: a sentence that ends with a colon or full stop, or a line.'),
    })
    .exactOptional()
    .describe(
      'How the program that wrote the file has the same in its configuration; absent if none is recognised.',
    ),
});
/** One way to mend the file, tried. */
export interface TriedPatch extends Data<typeof triedPatch> {}

export const fixResult = z
  .strictObject({
    ...headOf('fix'),
    before: z.strictObject({ cells: z.array(cell), exposure: exposure.nullable() }),
    need: z.array(z.string()).describe('Needed cells, without their rule set.'),
    forbid: z.array(z.string()).exactOptional().describe('Forbidden cells, without their rule set.'),
    patches: z
      .array(triedPatch)
      .describe(
        'Patches that meet the need and lose nothing come first; among these those that open fewer ports; among these the shorter.',
      ),
    ms: z.number(),
  })
  .describe('The smallest patch to a file under which the needed uploads work, with its proof.');
/** The result of mending a file. */
export interface FixResult extends Data<typeof fixResult> {}
/** The same before it says where it comes from. */
export interface Fixing extends Found<FixResult> {}
