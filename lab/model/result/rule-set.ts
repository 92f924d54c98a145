/* The schema of a rule set in ISA Server 2004's terms, as a user's module exports it and as a comparison holds it. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { endName, firewallName, machineName, subnetName } from './name-schemas.ts';

/** The factories check which ports are allowed, see policy/protocols.ts. */
const ports = z.tuple([z.number(), z.number()]);

const peer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('internal') }),
  z.strictObject({ kind: z.literal('external') }),
  z.strictObject({ kind: z.literal('anywhere') }),
  z.strictObject({ kind: z.literal('subnet'), subnet: subnetName }),
  z.strictObject({ kind: z.literal('computer'), host: endName }),
  z.strictObject({ kind: z.literal('cidr'), cidr: z.string() }),
]);
/** One end of an access rule. `internal` is the subnet behind the firewall that the rule is on, `external` is all else. */
export type Peer = Data<typeof peer>;

const connection = z.strictObject({
  direction: z
    .enum(['outbound', 'inbound'])
    .describe('outbound runs from the "from" of the rule to its "to".'),
  ports: ports.describe('TCP destination ports, first and last.'),
});
/** A primary or secondary connection of a protocol definition. `outbound` runs from the rule's `from` to its `to`. */
export interface Connection extends Data<typeof connection> {}

const protocolDefinition = z.strictObject({
  name: z.string(),
  primary: z.array(connection),
  secondary: z.array(connection),
  filter: z.literal('ftp').nullable().describe('Whether the FTP access filter is bound to it.'),
});
/** ISA's protocol definition: the connections, and whether the FTP access filter is bound to it. */
export interface ProtocolDefinition extends Data<typeof protocolDefinition> {}

const accessRule = z.strictObject({
  name: z.string(),
  action: z.enum(['allow', 'deny']),
  protocols: z
    .union([z.literal('all'), z.array(protocolDefinition)])
    .describe('all is ISA\'s "all outbound traffic".'),
  from: z.array(peer),
  to: z.array(peer),
  sourcePorts: ports
    .nullable()
    .describe('Limits the source ports ("Ports" button of the protocol page of the rule); null is no limit.'),
  ftpReadOnly: z
    .boolean()
    .describe("The FTP access filter's per-rule Read Only box. On for a new rule in ISA 2004."),
});
/** An ordered allow or deny; the first match decides. */
export interface AccessRule extends Data<typeof accessRule> {}

const publishingRule = z.strictObject({
  name: z.string(),
  action: z.literal('publish'),
  server: endName.describe('A host in the subnet behind the firewall.'),
  protocol: protocolDefinition.describe('Its inbound connections are the ones that are published.'),
  port: z
    .int()
    .nullable()
    .describe('The port to publish on instead of the protocol definition\'s first ("Firewall Ports").'),
  keepClientAddress: z
    .boolean()
    .describe(
      'Whether requests appear to come from the original client; otherwise the server sees the inside address of the firewall.',
    ),
  ftpReadOnly: accessRule.shape.ftpReadOnly,
});
/**
 * A server publishing rule: lets clients in External open connections to one server. They call the firewall's outside address if the
 * network relation is NAT, and the server's own if it is route.
 */
export interface PublishingRule extends Data<typeof publishingRule> {}

/** Rules that stand in one list, of which the first match decides. */
export type PolicyRule = AccessRule | PublishingRule;

const networkRule = z.strictObject({ name: z.string(), relation: z.enum(['route', 'NAT']) });
/** The relation between the firewall's internal network and External. Without one, nothing passes. */
export interface NetworkRule extends Data<typeof networkRule> {}

const firewallPolicy = z.strictObject({
  networkRule: networkRule.nullable(),
  accessRules: z
    .array(
      z.discriminatedUnion('action', [accessRule, publishingRule], {
        error: 'expected "allow", "deny" or "publish"',
      }),
    )
    .describe('Access and server publishing rules, in order.'),
  idleTimeout: z
    .int()
    .min(1)
    .exactOptional()
    .describe(
      "After how many seconds without a packet the firewall forgets a TCP connection. Default: the kernel's, five days.",
    ),
});
/** What one firewall enforces. `Default rule`, which denies, is always last and not listed. */
export interface FirewallPolicy extends Data<typeof firewallPolicy> {}

export const ruleSet = z
  .strictObject({
    kind: z
      .literal('isa')
      .default('isa')
      .describe('May be absent when read: in older documents and in modules written by hand.'),
    name: z.string(),
    description: z.string().describe('One sentence for people: what it lets through.'),
    firewalls: z.record(firewallName, firewallPolicy),
    ipv6: z
      .literal(true)
      .exactOptional()
      .describe(
        'Whether the rules are about IPv6 too. Absent: the firewalls drop all IPv6, as ISA Server does, which knows none.',
      ),
    hosts: z
      .record(machineName, z.string())
      .exactOptional()
      .describe(
        "Rules of clients' and servers' own firewalls, as iptables-save prints them; a host that is not named has none.",
      ),
  })
  .meta({ id: 'ruleSet' });
/** What both firewalls enforce, in ISA's terms. */
export interface RuleSet extends Data<typeof ruleSet> {}
