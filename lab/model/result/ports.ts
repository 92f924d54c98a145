/* The schema of which ports a server draws its passive data ports from. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';
import { portRange } from './name-schemas.ts';

const command = z.enum(['PASV', 'EPSV']);
/** The commands that make a server listen: PASV (RFC 959 section 4.1.2) and EPSV (RFC 2428 section 3). */
export type PassiveCommand = z.infer<typeof command>;

const passivePort = z.strictObject({
  command,
  port: z.int(),
  otherHost: z
    .string()
    .nullable()
    .describe(
      'The host that a PASV reply names, if it is another one than was asked. Nobody connects to it.',
    ),
});
/** One port that the server announced. */
export interface PassivePort extends Data<typeof passivePort> {}

const report = {
  ports: z.array(passivePort).describe('In the order of the answers.'),
  refused: z
    .array(z.strictObject({ command, reply: z.string() }))
    .describe('Commands that the server refused, with its reply; none of them was sent again.'),
  failure: z
    .string()
    .nullable()
    .describe("Why it ended early: the server's reply or the client's error; null if it did not."),
};
const reportShape = z.strictObject(report);
/** The server's answers. */
export interface PortsReport extends Data<typeof reportShape> {}

const knownShare = z.strictObject({
  name: z.string(),
  range: portRange,
  source: z.string().describe('Who says that this is the range.'),
  inside: z.int().describe('How many of the answers lie in the range.'),
  spanned: z
    .number()
    .describe('How much of the range lies between the lowest and the highest port seen, 0 to 1.'),
  chance: z
    .number()
    .nullable()
    .describe(
      'How likely ports drawn evenly from the range span no more of it than these do: for n draws from an interval, n r^(n-1) - (n-1) r^n, where r is the share spanned. null if the server counts or not all of its ports lie in the range.',
    ),
});
/** How well a sample fits a known range. */
export interface KnownShare extends Data<typeof knownShare> {}

const portSample = z.strictObject({
  asked: z.int(),
  distinct: z.int(),
  observed: portRange.describe("Lowest and highest port seen: a lower bound of the server's range."),
  order: z
    .enum(['scattered', 'counting'])
    .describe(
      'counting: the ports rise or fall as they are asked for, so the server counts, and the sample shows only where its counter stands; nothing is estimated then. scattered: no such order.',
    ),
  outsideAtMost: z
    .number()
    .nullable()
    .describe(
      'The chance that the next port lies outside "observed" is at most this, if every port is drawn independently of the others: of n + 1 draws the last is as likely as any to be the lowest, or the highest. null if the server counts.',
    ),
  estimate: portRange
    .nullable()
    .describe(
      'The range if all its ports are equally likely: "observed", widened at both ends by the average gap between the ports seen (the "German tank" estimate). null if the server counts, or for fewer than two ports.',
    ),
  known: z.array(knownShare).describe('The known ranges that have any of the ports, narrowest first.'),
});
/** What a sample of passive ports says of the range that a server draws them from. */
export interface PortSample extends Data<typeof portSample> {}

const portRule = z.strictObject({
  covers: z.string().describe('What the rule is for: what was seen, or a known range.'),
  range: portRange,
  isa: z.string(),
  iptables: z.string(),
});
/** A rule that lets passive data connections to a range of ports pass, in ISA's and in iptables' words. */
export interface PortRule extends Data<typeof portRule> {}

export const portsResult = z
  .strictObject({
    ...headOf('ports'),
    server: z.string(),
    address: z.string(),
    port: z.int().describe('TCP port of the control connection.'),
    ...report,
    sample: portSample.nullable().describe('null if the server announced no port.'),
    rules: z
      .array(portRule)
      .nullable()
      .describe('The smallest rules that cover the ports; null without a sample.'),
  })
  .describe('Which passive ports a server announced, and which range they are from.');
/** Which passive ports a server announced, and which range they are from. */
export interface PortsResult extends Data<typeof portsResult> {}
