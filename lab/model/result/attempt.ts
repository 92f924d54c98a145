/* Schemas of what an FTP attempt is made of. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { failureKinds, stepOutcomes } from '../vocabulary.ts';
import { sha256, stepName } from './name-schemas.ts';

/** A TCP endpoint, written `address:port`. */
export type Endpoint = string;

const connectionAttempt = z.strictObject({
  purpose: z.enum(['control', 'data']),
  openedBy: z.enum(['client', 'server']).describe('The side that sends the SYN.'),
  step: stepName,
  source: z.string().nullable().describe('address:port; known only if the client opens the connection.'),
  destination: z.string().describe('address:port that the SYN goes to, as the client knows it.'),
});
/** A TCP connection that an attempt tries to establish. */
export interface ConnectionAttempt extends Data<typeof connectionAttempt> {}

export const announcedConnection = connectionAttempt.extend({
  ms: z.number().describe('When it was made or asked for, in milliseconds from the start of the attempt.'),
});
/** A connection attempt with the time at which it was made or asked for. */
export interface AnnouncedConnection extends Data<typeof announcedConnection> {}

const programOutput = z.strictObject({
  printed: z
    .string()
    .describe(
      'Standard output and error as they came, without what it wrote only because it was told to log.',
    ),
  status: z.number().nullable().describe('Its exit status; null if the lab ended it.'),
  cutShort: z
    .boolean()
    .describe(
      'Whether the lab cut a wait short: by itself the program would have printed something else, and later.',
    ),
});
/** What a client program showed its user in one step. */
export interface ProgramOutput extends Data<typeof programOutput> {}

export const step = z.strictObject({
  name: stepName,
  outcome: z.enum(stepOutcomes).describe('skipped: not tried, since an earlier step makes it impossible.'),
  reply: z
    .string()
    .describe(
      "The FTP reply that ended the step, or the client's own error message; empty for a skipped step.",
    ),
  ms: z.number(),
  program: programOutput
    .nullable()
    .exactOptional()
    .describe('What a failing client program showed its user; a library shows nothing by itself.'),
});
export interface Step extends Data<typeof step> {}

export const observedStep = step.extend({
  at: z.number().describe('When it began, in milliseconds from the start of the attempt.'),
  code: z.number().nullable().describe('The FTP reply code; null if no reply came.'),
  failure: z.enum(failureKinds).nullable().describe('null for a step that did not fail.'),
  connection: connectionAttempt
    .nullable()
    .describe(
      'The data or control connection that the step tried to open; null if it did not try to open one.',
    ),
  stored: z
    .strictObject({ file: z.string(), sha256, bytes: z.int().exactOptional() })
    .nullable()
    .describe('Of a store: what there was to send, and the name of the file on the server.'),
  program: programOutput
    .nullable()
    .describe('null if a library made the attempt, or if earlier output says it all.'),
});
/** A step with everything that the verdict needs. */
export interface ObservedStep extends Data<typeof observedStep> {}

export const transcriptLine = z.strictObject({
  from: z.enum(['client', 'server']),
  text: z.string(),
  ms: z.number(),
});
/** One line of the control connection. Passwords are masked. `ms` counts from the attempt's start. */
export interface TranscriptLine extends Data<typeof transcriptLine> {}

export const fileDigest = z.strictObject({ bytes: z.int(), sha256 });
export interface FileDigest extends Data<typeof fileDigest> {}
