/* Schemas of what a rule set lets through in addition to the uploads. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { headOf } from './head.ts';
import { endName, firewallName, hostName, portRange, rulesPlace, subnetName } from './name-schemas.ts';

const way = {
  from: endName,
  to: hostName.describe('A firewall stands for its own outside address.'),
  at: z
    .string()
    .exactOptional()
    .describe(
      'The address that is probed, if it is another one of the firewall, at which it publishes a server.',
    ),
  ipv6: z.literal(true).exactOptional().describe('The packets were of IPv6. Absent: of IPv4.'),
  networks: z.tuple([subnetName, subnetName]).describe('From and to.'),
  firewalls: z
    .array(rulesPlace)
    .describe(
      'The firewalls on the way, in order; a client or server stands for its own firewall, at which the way then ends.',
    ),
};
const wayShape = z.strictObject(way);
/** A way that packets go: where from and where to. */
export interface Way extends Data<typeof wayShape> {}

/** The ends that were probed. A firewall stands for its own outside address. */
export type Target = z.infer<typeof hostName>;

export const line = z.strictObject({
  ...way,
  alike: z
    .tuple([z.array(hostName), z.array(hostName)])
    .describe('The hosts that each end stands for, itself included: the rules treat them alike.'),
});
/** A way that is probed. */
export interface Line extends Data<typeof line> {}

const measuredLine = line.extend({
  sourcePort: z.int(),
  open: z.array(portRange).describe('Ports that the probes were sent to and that arrived, ascending.'),
  ports: z.int().describe('How many ports that is.'),
  arrivedAt: z
    .array(hostName)
    .describe('Where they arrived: usually "to"; another host after destination NAT.'),
});
/** One line from one source port: which of the ports 1 to 65535 the probes arrived from. */
export interface MeasuredLine extends Data<typeof measuredLine> {}

const pinholeRequest = z.strictObject({
  command: z
    .enum(['PORT', 'EPRT', '227', '229'])
    .describe('What is said on the control connection: by the client (PORT, EPRT) or the server (227, 229).'),
  names: z
    .enum(['itself', 'another host'])
    .describe('The address that it names: that of the host that says it, or that of its neighbour.'),
  port: z.enum(['high', 'low']).describe('An unprivileged port, or one below 1024.'),
});
/** What is said on the control connection: by the client (PORT, EPRT) or by the server (227, 229). */
export interface PinholeRequest extends Data<typeof pinholeRequest> {}

export const pinholeTest = pinholeRequest.extend({
  ipv6: z.literal(true).exactOptional().describe('The connection was of IPv6. Absent: of IPv4.'),
  firewall: firewallName,
  client: endName,
  server: endName,
  outcome: z
    .enum(['opens', 'closed', 'open anyway', 'no control connection'])
    .describe(
      'opens: the named endpoint could be reached, and could not before. closed: it could not. open anyway: it could be reached before. no control connection: the rules do not let the client connect to port 21.',
    ),
});
export interface PinholeTest extends Data<typeof pinholeTest> {}
/** The outcome of a request for a hole. */
export type PinholeOutcome = PinholeTest['outcome'];

export const tooBigTest = z.strictObject({
  client: endName.describe('The end that opened the connection.'),
  server: hostName.describe('The end that it called.'),
  port: z.int().describe('The port that it called.'),
  reachesClient: z.boolean(),
  reachesServer: z.boolean(),
});
/** Which ends of a connection get the ICMPv6 error "packet too big" from beyond the firewalls (RFC 4443 section 3.2). */
export interface TooBigTest extends Data<typeof tooBigTest> {}

const portSums = {
  ports: z
    .int()
    .describe('Ports open on all lines together, each port of a line once whatever the source port.'),
  inbound: z
    .int()
    .describe('The same, for lines into X or Y from outside, and into hosts through their own firewalls.'),
};

const measured = {
  ruleSet: z.string(),
  lines: z.array(measuredLine),
  pinholes: z
    .array(pinholeTest)
    .describe("What the firewalls' FTP helpers open when a control connection asks for it."),
  packetTooBig: z
    .array(tooBigTest)
    .exactOptional()
    .describe(
      'Over IPv6, for each line on which a connection could be opened through firewalls: which of its ends get the ICMPv6 error "packet too big", without which path MTU discovery fails (RFC 8201). Absent if IPv6 was not measured.',
    ),
  summary: z.strictObject({
    ...portSums,
    ipv6: z.strictObject(portSums).exactOptional().describe('The same over IPv6, if that was measured.'),
    probes: z.int(),
    ms: z.number(),
    mayVary: z
      .boolean()
      .describe('Whether the rules depend on time, count or chance, so that another measurement may differ.'),
  }),
};
export const exposure = z.strictObject(measured).meta({ id: 'exposure' });
/** What was measured of one rule set. */
export interface Exposure extends Data<typeof exposure> {}

export const exposureResult = z
  .strictObject({ ...headOf('exposure'), ...measured })
  .describe('What a rule set lets through in addition to the uploads: measured by probes, in TCP ports.');
/** What a rule set lets through in addition to the uploads. */
export interface ExposureResult extends Data<typeof exposureResult> {}
