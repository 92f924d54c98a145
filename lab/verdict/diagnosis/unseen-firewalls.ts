import type { FailureKind, ObservedStep } from '../../model/attempt.ts';
import type { Cause } from '../../model/cause.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../../model/evidence.ts';
import { ftpFilterTable, type RuleMet } from '../../model/packet.ts';
import type { Observation } from '../finding.ts';
import { judge } from '../judge.ts';

/**
 * What an unseen firewall may have done to the failed step: dropped or rejected its connection, rewritten its command,
 * forgotten the control connection, or swallowed one of its lines.
 */
type Deed = 'drop' | 'reject' | 'spoil' | 'forget' | 'swallow';

/**
 * Deeds that look to a client like the failure. A dropped SYN is unanswered. A rejected one is refused if a reset says
 * so, but unanswered after an ICMP error, which an attempt cannot tell from silence.
 */
const deeds: Partial<Record<FailureKind, readonly Deed[]>> = {
  'control-unanswered': ['drop', 'reject'],
  'control-refused': ['reject'],
  'control-closed': ['forget', 'swallow'],
  'tls-refused': ['spoil'],
  'command-unanswered': ['forget', 'swallow'],
  'data-unanswered': ['drop', 'reject'],
  'data-refused': ['reject'],
  'command-refused': ['spoil'],
  'transfer-stalled': ['forget'],
  other: ['forget', 'swallow'],
};

/**
 * The causes that remain possible: the result of {@link judge} for each thing that the firewalls may have done. A
 * single one, without `inconclusive`, is proven.
 */
export function possibleCauses(observation: Observation): Cause[] {
  const untouched = judge(imagined(observation));
  const failed = observation.steps.find(({ name }) => name === untouched.failedAt);
  const verdicts = failed
    ? deedsIn(failed).map((deed) => judge(imagined(observation, failed, deed)).cause)
    : [];
  return [...new Set([untouched.cause, ...verdicts])];
}

/** Replies about room on the server's disk are the server's own (RFC 959 section 4.2.1: 452, 552). */
function deedsIn({ failure, code }: ObservedStep): readonly Deed[] {
  return failure === null || code === 452 || code === 552 ? [] : (deeds[failure] ?? []);
}

/** The attempt as a firewall's trace would have shown it, if a firewall had done this. */
function imagined(observation: Observation, failed?: ObservedStep, deed?: Deed): Observation {
  const { evidence } = observation;
  const connections = evidence.connections.map((connection) => ({
    ...connection,
    packets: failed && deed ? packetsOf(connection, failed, deed) : [],
  }));
  return { ...observation, evidence: { ...evidence, connections, firewalls: [], traceComplete: true } };
}

const helperRule: ConnectionPacket['met'][number] = {
  table: 'raw',
  chain: 'PREROUTING',
  rule: '-j CT --helper ftp',
  comment: null,
  verdict: 'continue',
};

/** The access filter's rule about the refused command; see policy/ftp-access-filter.ts. */
function spoilingRule({ failure }: ObservedStep): RuleMet {
  const command = Buffer.from(failure === 'tls-refused' ? 'AUTH' : 'STOR').toString('hex');
  const rule = `@ih,0,32 & 0xdfdfdfdf == 0x${command}`;
  return { table: ftpFilterTable, chain: 'forward', rule, comment: null, verdict: 'continue' };
}

/** What the firewall would have seen of the connection that the deed is about; nothing of the others. */
function packetsOf(connection: ConnectionEvidence, failed: ObservedStep, deed: Deed): ConnectionPacket[] {
  const { source, destination, purpose } = connection;
  const aboutControl = deed !== 'drop' && deed !== 'reject';
  if (aboutControl ? purpose !== 'control' : destination !== failed.connection?.destination) return [];
  const passes = deed === 'spoil' || deed === 'swallow';
  const action = passes ? 'accept' : deed === 'reject' ? 'reject' : 'drop';
  return [
    {
      firewall: 'isa-x',
      at: '',
      ms: failed.at,
      protocol: 'tcp',
      source: source ?? '',
      destination,
      flags: aboutControl ? 'PSH ACK' : 'SYN',
      unreachable: null,
      translated: null,
      stray: deed === 'forget',
      met: deed === 'swallow' ? [helperRule] : deed === 'spoil' ? [spoilingRule(failed)] : [],
      fate: deed === 'spoil' ? 'sent' : deed === 'swallow' ? 'lost' : 'refused',
      decision: { action, table: deed === 'spoil' ? ftpFilterTable : 'filter', chain: 'FORWARD', rule: '' },
    },
  ];
}
