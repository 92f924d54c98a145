/* Schemas of a cell: what was expected of it, and its result. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { stepOutcomes, waysAstray } from '../vocabulary.ts';
import { step } from './attempt.ts';
import { evidence } from './evidence.ts';
import {
  cause,
  clientName,
  driverName,
  rulesPlace,
  serverName,
  stepName,
  transferMode,
} from './name-schemas.ts';

const refusedPacket = z.strictObject({
  protocol: z.enum(['tcp', 'icmp']),
  source: z.string(),
  destination: z.string(),
});
/** A packet that a firewall refused, or did not let out. Endpoints are `address:port`, or addresses for ICMP. */
export interface RefusedPacket extends Data<typeof refusedPacket> {}

const leftBehind = z.strictObject({
  bytes: z.int().nullable().describe('null: no file.'),
  of: z.int().describe('How many bytes were sent.'),
});
/** What the server held under the upload's name after it failed. */
export interface LeftBehind extends Data<typeof leftBehind> {}

const ruleOnWay = z.strictObject({
  table: z.string(),
  chain: z.string(),
  line: z
    .int()
    .nullable()
    .describe('Its line in the file, from 1; null if it comes from no file, and for a policy.'),
  file: z
    .string()
    .exactOptional()
    .describe(
      "The file that has the line, if the user's file includes it, or if it is the second of its place.",
    ),
  rule: z
    .string()
    .describe(
      'As the file has it, else as iptables-save or nft prints it; policy CHAIN VERDICT for a policy.',
    ),
  comment: z.string().nullable(),
});

export const verdict = z
  .strictObject({
    uploaded: z.boolean(),
    failedAt: stepName.nullable().describe('The step that made the upload fail: connect, login, or a store.'),
    cause,
    firewall: rulesPlace
      .nullable()
      .describe(
        'A client or server here stands for its own firewall. null, as rule and packet are, if no firewall refused anything.',
      ),
    rule: z.string().nullable(),
    packet: refusedPacket.nullable(),
    way: z
      .array(ruleOnWay)
      .exactOptional()
      .describe(
        'How the packet came to what decided: the rule of the built-in chain, then one of each chain that it was sent to; the last one decided. Absent if no rule or policy refused it.',
      ),
    astray: z
      .enum(waysAstray)
      .exactOptional()
      .describe(
        'What became of a packet that opens a connection, besides being refused by a rule: a rule turned it elsewhere, or gave it another source; the server called the address that hides the client; a rule put it into a queue that no program reads; the kernel dropped it or took it for itself; the reply that announces a published server names an address that does not serve; a rule dropped the message by which IPv6 hosts find each other.',
      ),
    left: leftBehind
      .exactOptional()
      .describe('What the store that failed left on the server, if anybody looked.'),
    sentence: z.string(),
  })
  .meta({ id: 'verdict' });
/** The verdict on a cell. `firewall`, `rule` and `packet` are null if no firewall refused anything. */
export interface Verdict extends Data<typeof verdict> {}

export const expectation = z
  .strictObject({
    uploaded: z.boolean(),
    cause,
    failedAt: stepName.exactOptional(),
    firewall: rulesPlace.exactOptional(),
    rule: z.string().exactOptional(),
    steps: z
      .partialRecord(stepName, z.enum(stepOutcomes))
      .exactOptional()
      .describe('Outcome of steps that matter to the question, such as list under Read Only.'),
  })
  .meta({ id: 'expectation', description: 'A field that is absent is not checked.' });
/** What a scenario expects of a cell; a field left out is not checked. */
export interface Expectation extends Data<typeof expectation> {}

export const cell = z
  .strictObject({
    id: z.string().describe('rule set/client/server/mode[/driver][/tls][/ipv6 or /name]'),
    ruleSet: z.string(),
    client: clientName,
    server: serverName,
    mode: transferMode,
    driver: driverName,
    tls: z.boolean().describe('Whether the session is explicit FTPS (RFC 4217).'),
    ipv6: z.literal(true).exactOptional().describe('The client calls the server by IPv6.'),
    named: z
      .literal(true)
      .exactOptional()
      .describe('The client calls the server by a name that has an IPv4 and an IPv6 address, and chooses.'),
    steps: z.array(step),
    verdict,
    expected: expectation.nullable(),
    asExpected: z.boolean().nullable().describe('null if nothing was expected.'),
    attempts: z
      .strictObject({ made: z.int(), uploaded: z.int() })
      .exactOptional()
      .describe(
        'Of a cell that was attempted several times: how often, and how often it uploaded. Steps and verdict are those of one.',
      ),
    evidence: evidence.exactOptional().describe('What the verdict rests on. Absent if it was not kept.'),
    pcap: z
      .string()
      .exactOptional()
      .describe("The file with its packets, if they were captured, as seen from the document's folder."),
    ms: z.number(),
  })
  .meta({ id: 'cell' });
/** A cell's result. */
export interface CellResult extends Data<typeof cell> {}
