/* Schemas of what a firewall says of a packet that it traced: each rule that the packet met, and the one that decided. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { instant, rulesPlace } from './name-schemas.ts';

const nftHook = z.enum(['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress']);
/** Where packets enter a base chain (nft(8), "ADDRESS FAMILIES"). */
export type NftHook = z.infer<typeof nftHook>;

const ruleMet = z.strictObject({
  table: z.string().describe("As iptables names it; nft's: its name in the family ip, else family and name."),
  chain: z.string(),
  hook: nftHook.exactOptional().describe("Of a chain of nft's own: from where packets come to it."),
  rule: z
    .string()
    .nullable()
    .describe(
      "In iptables-save(8) form, -A FORWARD ... -j DROP, or as nft lists it; null for a chain's policy.",
    ),
  comment: z.string().nullable(),
  verdict: z.string().describe("nft's word: accept, drop, continue, return, jump CHAIN."),
});
/** One rule, or one chain's policy, that a packet met. */
export interface RuleMet extends Data<typeof ruleMet> {}

const decision = z.strictObject({
  action: z.enum(['accept', 'drop', 'reject']),
  table: z.string(),
  chain: z.string(),
  rule: z.string().describe("The deciding rule's comment, else its text, else policy CHAIN VERDICT."),
});
export interface Decision extends Data<typeof decision> {}

const ends = { source: z.string(), destination: z.string() };
const packetEnds = z.strictObject(ends);
/** Where a packet comes from and where it goes to: `address:port`, or `address` if the protocol has no ports. */
export interface PacketEnds extends Data<typeof packetEnds> {}

const unreachable = z.strictObject({
  code: z
    .number()
    .describe(
      '4 is "fragmentation needed". Of ICMPv6: the code of ICMP that means the same (RFC 7915 section 5.2).',
    ),
  mtu: z.number().nullable().describe('The MTU that the message asks for; null if it asks for none.'),
  timeExceeded: z
    .literal(true)
    .exactOptional()
    .describe("ICMP's type 11 in place of 3: the packet's TTL ran out."),
  about: packetEnds
    .nullable()
    .describe('Ends of the packet that the message is about; null if the trace does not tell.'),
});
/** An ICMP message that a destination cannot be reached (RFC 792, type 3; RFC 1191 for the MTU), or that time ran out. */
export interface Unreachable extends Data<typeof unreachable> {}

const fate = z
  .enum(['sent', 'local', 'refused', 'lost'])
  .describe(
    'sent: it left the firewall, or a host with rules of its own sent or took it. local: the firewall itself took it. refused: a rule or a policy dropped or rejected it. lost: no rule refused it, but it did not leave the firewall, for example because a conntrack helper dropped it.',
  );
/** What happened to a packet. */
export type Fate = z.infer<typeof fate>;

const lostAt = z
  .enum(['tracking', 'routing', 'forwarding', 'leaving'])
  .describe(
    "Where a packet was lost: in connection tracking; as it was routed; between that and the last chains; or after these, in a conntrack helper or because nobody answers for the next hop's address.",
  );
/** Where a packet was lost. */
export type LostAt = z.infer<typeof lostAt>;

const lossReason = z
  .enum(['reverse-path-filter', 'no-route', 'not-forwarding', 'table-full'])
  .describe(
    "Why the kernel dropped a packet outside the rules: the only one of its counters that moved meanwhile (IPReversePathFilter, InNoRoutes, InAddrErrors; connection tracking's drop and early_drop).",
  );
/** Why the kernel dropped a packet outside the rules. */
export type LossReason = z.infer<typeof lossReason>;

const tracedPacket = z.strictObject({
  ...ends,
  at: instant.describe('When the tracer read that it came in.'),
  protocol: z.enum(['tcp', 'icmp']),
  flags: z
    .string()
    .describe(
      "TCP flags, in the order of RFC 9293's header from the right: SYN, SYN ACK, PSH ACK; empty for ICMP.",
    ),
  unreachable: unreachable.nullable().describe('null for TCP, and for what is no error.'),
  neighbour: z
    .enum(['solicitation', 'advertisement'])
    .exactOptional()
    .describe('What it is if IPv6 hosts look for each other by it (RFC 4861 section 4).'),
  translated: packetEnds.nullable().describe('Its ends as last seen, if address translation changed them.'),
  stray: z
    .boolean()
    .describe(
      'Whether it belongs to an established connection that connection tracking does not know, or no longer knows.',
    ),
  own: z
    .literal(true)
    .exactOptional()
    .describe(
      'The firewall itself sent it. Of a host with rules of its own: an error, or what resets a connection.',
    ),
  again: z.literal(true).exactOptional().describe('It came this way before, and was sent again.'),
  digits: z
    .string()
    .exactOptional()
    .describe(
      'The three digits that its data begin with, if it was looked at so closely: the code of an FTP reply.',
    ),
  bytes: z.int().exactOptional().describe('Its length, IP header included.'),
  met: z.array(ruleMet),
  fate,
  lostAt: lostAt.exactOptional(),
  lostBy: lossReason.exactOptional(),
  decision: decision
    .nullable()
    .describe('null for a packet that met no rule or policy that accepts or drops.'),
});
/** A packet on its way through a firewall, with its ends as they were when it came in. */
export interface TracedPacket extends Data<typeof tracedPacket> {}

export const seenPacket = tracedPacket.extend({ firewall: rulesPlace });
/** A packet and the firewall that traced it. */
export interface SeenPacket extends Data<typeof seenPacket> {}
