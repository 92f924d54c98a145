/* The schema of what a verdict rests on. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { announcedConnection, fileDigest, transcriptLine } from './attempt.ts';
import { instant, rulesPlace, stepName } from './name-schemas.ts';
import { seenPacket } from './packet.ts';

const movedCounter = z.strictObject({
  table: z.string(),
  chain: z.string(),
  rule: z.string().describe('In iptables-save(8) form, -A FORWARD ... -j DROP, or policy DROP.'),
  packets: z.int(),
  bytes: z.int(),
});
/** A rule or a chain's policy that packets met, and how many did. */
export interface MovedCounter extends Data<typeof movedCounter> {}

const connectionPacket = seenPacket.extend({ ms: z.number() }).meta({ id: 'connectionPacket' });
/** A packet as a firewall traced it. `ms` counts from the attempt's start, as all times of an attempt do. */
export interface ConnectionPacket extends Data<typeof connectionPacket> {}

const connectionEvidence = announcedConnection.extend({ packets: z.array(connectionPacket) });
/** A connection that the attempt wanted, and what each firewall on the way saw of it, in order. */
export interface ConnectionEvidence extends Data<typeof connectionEvidence> {}

export const evidence = z
  .strictObject({
    startedAt: instant,
    firewalls: z
      .array(rulesPlace)
      .describe(
        'The firewalls on the way, in order from the client; hosts among them have rules of their own.',
      ),
    stepStarts: z.partialRecord(stepName, z.number()).describe('When each step that was tried began.'),
    transcript: z.array(transcriptLine),
    connections: z.array(connectionEvidence),
    neighbours: z
      .array(connectionPacket)
      .exactOptional()
      .describe(
        'Messages by which IPv6 hosts look for each other that a firewall refused meanwhile. Absent without any.',
      ),
    counters: z
      .record(rulesPlace, z.array(movedCounter))
      .exactOptional()
      .describe(
        "Counters of each firewall's rules that moved meanwhile. Absent if other attempts may have moved them.",
      ),
    closeUp: z
      .literal(true)
      .exactOptional()
      .describe(
        'This is a second attempt with every packet traced, because the first one failed without proof of why.',
      ),
    traceComplete: z
      .boolean()
      .describe("Whether the firewalls' traces are complete; otherwise a packet may be missing."),
    files: z
      .record(z.string(), fileDigest.nullable())
      .describe('What the server held under the name of each upload that was tried; null for nothing.'),
  })
  .meta({ id: 'evidence', description: 'Times are in milliseconds from the start of the attempt.' });
/** What is known of an attempt in addition to the outcome of its steps. */
export interface Evidence extends Data<typeof evidence> {}
