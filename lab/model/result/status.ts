/* The schema of the labs on an engine. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';

const labStatus = z.strictObject({
  name: z.string(),
  slot: z.int().nullable().describe('Slot of its address plan; null if it cannot be told.'),
  networks: z.array(
    z.strictObject({ subnet: z.string(), engineName: z.string(), cidrs: z.array(z.string()) }),
  ),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      engineName: z.string().describe("What the engine's own tools call it."),
      state: z.string().describe("The engine's word: running, exited, created, paused."),
      addresses: z.array(z.string()),
    }),
  ),
});
/** A lab as the engine has it now. */
export interface LabStatus extends Data<typeof labStatus> {}

export const statusResult = z
  .strictObject({ ...headOf('status'), labs: z.array(labStatus) })
  .describe('The labs on an engine with their hosts.');
