/* The schema of what bringing a lab up would change. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';

const labChange = z.strictObject({
  action: z.enum(['create', 'change', 'remove']).describe('change: it is replaced by a new one.'),
  kind: z.enum(['image', 'network', 'host']),
  name: z.string(),
  because: z.array(z.string()).describe('What differs, in words; empty unless the action is change.'),
});
/** What an `up` would do with one network, host or image. */
export interface LabChange extends Data<typeof labChange> {}

export const planResult = z
  .strictObject({
    ...headOf('plan'),
    name: z.string().describe("The lab's name."),
    by: z.string().describe('What would carry it out: docker, or terraform.'),
    changes: z.array(labChange),
  })
  .describe('What bringing the lab up would change.');
