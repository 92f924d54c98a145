import type { FailureKind } from '../model/attempt.ts';
import { addressOf, arrivesAt, opens } from '../model/endpoint.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../model/evidence.ts';
import { isSilentAcknowledgement, queueingRule } from '../model/packet.ts';
import type { Case, Finding } from './finding.ts';

/** Failures of a connection to come about. */
export const connectionFailures: readonly (FailureKind | null)[] = [
  'control-unanswered',
  'control-refused',
  'data-unanswered',
  'data-refused',
];

/** Failures that the server, or the client itself, explains. */
const explained: readonly (FailureKind | null)[] = [
  'login-denied',
  'command-refused',
  'data-command-refused',
  'address-refused-by-client',
  'content-mismatch',
  'refused-by-proxy',
];

/** How much later than the client the tracer may read of a packet, in milliseconds. */
const traceDelay = 250;

/**
 * Whether a packet of a control connection came while the step was tried. The tracer may read of it much later on a busy
 * machine: no matter, unless other steps were tried on the same connection.
 */
export function during({ step, steps, controls }: Case, control: ConnectionEvidence): PacketTest {
  // Both clocks are the machine's; the trace's shows whole milliseconds.
  const [from, to] = [step.at - 1, step.at + step.ms];
  const last = controls.findLast(({ ms }) => ms <= to);
  if (control !== last) return () => false;
  const place = steps.findIndex(({ name }) => name === step.name);
  const later = steps.slice(place + 1).some(({ outcome }) => outcome !== 'skipped');
  const end = later && controls.at(-1) === last ? to + traceDelay : Number.POSITIVE_INFINITY;
  return ({ ms }) => ms >= from && ms <= end;
}

type PacketTest = (packet: ConnectionPacket) => boolean;

/** A firewall stopped a packet of a connection that stood, or was about to, and went on stopping it. */
export function stoppedPacket(found: Case): Finding | undefined {
  const { step, controls, connection } = found;
  if (explained.includes(step.failure)) return undefined;
  const data = connection?.purpose === 'data' ? [connection] : [];
  const ofControls = controls.flatMap((of) =>
    of.packets.filter(during(found, of)).map((packet) => ({ of, packet })),
  );
  const ofData = data.flatMap((of) => of.packets.map((packet) => ({ of, packet })));
  const stopped = [...ofControls, ...ofData]
    .filter(({ of, packet }) => isStopped(packet, of) && !isSpare(packet, of, found))
    .sort((one, other) => one.packet.ms - other.packet.ms);
  // The other packets of a control connection matter less than its lines: the next one acknowledges as well.
  const first = stopped.find(({ of, packet }) => ofLine(packet, of, found)) ?? stopped[0];
  if (!first) return undefined;
  const { of, packet } = first;
  const rejected = packet.decision?.action === 'reject';
  const finding = findingOf(of, packet, found, rejected);
  const { comment, rule } = (packet.fate === 'lost' && queueingRule(packet)) || { comment: null, rule: null };
  return rule === null ? finding : { ...finding, rule: comment ?? rule };
}

/** Whether a control connection does without the packet: it only acknowledges, as the next one will, and its sender was not told. */
function isSpare(packet: ConnectionPacket, of: ConnectionEvidence, found: Case): boolean {
  return of.purpose === 'control' && isSilentAcknowledgement(packet) && !neverStood(of, packet, found);
}

/** Whether a packet is of a data connection, has a line of a control connection, or opens one. */
function ofLine(packet: ConnectionPacket, of: ConnectionEvidence, found: Case): boolean {
  return of.purpose === 'data' || packet.flags.includes('PSH') || neverStood(of, packet, found);
}

function findingOf(
  of: ConnectionEvidence,
  packet: ConnectionPacket,
  found: Case,
  rejected: boolean,
): Finding {
  if (neverStood(of, packet, found))
    return {
      cause: `${of.purpose}-${rejected ? 'refused' : 'dropped'}`,
      packet,
      circumstance: { kind: 'handshake' },
    };
  if (of.purpose === 'control')
    return {
      cause: 'command-refused-by-firewall',
      packet,
      circumstance: { kind: 'line-stopped', line: lineIn(packet, of, found), rejected },
    };
  return {
    cause: 'stalled-mid-transfer',
    packet,
    circumstance: { kind: 'transfer-stopped', what: carriedBy(packet, of, found), rejected },
  };
}

/** Whether a packet of a connection was stopped for good: when sent again it was stopped again, or its sender was told. */
function isStopped(packet: ConnectionPacket, { packets, purpose }: ConnectionEvidence): boolean {
  const { fate, again, decision, firewall, source, destination, flags, bytes } = packet;
  if (opens(packet) || flags.includes('RST') || packet.protocol !== 'tcp') return false;
  // Whoever closes a control connection has given up already.
  if (purpose === 'control' && flags.includes('FIN') && !flags.includes('PSH')) return false;
  if (fate !== 'refused' && fate !== 'lost') return false;
  if (!again && decision?.action !== 'reject' && !answersAgain(packet, packets)) return false;
  return !packets.some(
    (later) =>
      later.again &&
      later.fate === 'sent' &&
      later.ms > packet.ms &&
      later.firewall === firewall &&
      later.source === source &&
      later.destination === destination &&
      later.flags.includes('FIN') === flags.includes('FIN') &&
      later.bytes === bytes,
  );
}

/** Whether a packet answers one that was sent again and came through. */
function answersAgain(packet: ConnectionPacket, packets: readonly ConnectionPacket[]): boolean {
  return packets.some((seen) => isAnsweredBy(seen, packet));
}

/**
 * Whether the connection never stood for its listener, as the packet was to complete its handshake: it answers a SYN ACK that was
 * sent again or, where every packet is traced, is the first one of the opener's after its SYN.
 */
function neverStood({ packets }: ConnectionEvidence, packet: ConnectionPacket, { evidence }: Case): boolean {
  const own = packets.filter(
    ({ firewall, source }) => firewall === packet.firewall && source === packet.source,
  );
  if (own.some((seen) => !opens(seen) && seen.fate === 'sent' && seen.ms < packet.ms)) return false;
  if (packets.some((seen) => seen.flags === 'SYN ACK' && isAnsweredBy(seen, packet))) return true;
  const [opening, next] = [own.find(({ flags }) => flags === 'SYN'), own.find((seen) => !opens(seen))];
  return evidence.closeUp === true && opening?.fate === 'sent' && next === packet;
}

function isAnsweredBy(seen: ConnectionPacket, packet: ConnectionPacket): boolean {
  const { again, fate, firewall } = seen;
  return (
    again === true && fate === 'sent' && firewall === packet.firewall && arrivesAt(seen) === packet.source
  );
}

/**
 * What a packet of a control connection holds: a reply, or what the client said last over that connection, since it waits for the
 * answer. The tracer may have read of the packet when the client was over the next connection already.
 */
function lineIn(packet: ConnectionPacket, control: ConnectionEvidence, { evidence, controls }: Case): string {
  const fromServer = addressOf(packet.source) === addressOf(control.destination);
  if (!packet.flags.includes('PSH'))
    return `what acknowledges ${fromServer ? 'a command' : 'a reply'} on the control connection`;
  if (fromServer)
    return packet.digits === undefined ? "the server's reply" : `the server's reply ${packet.digits}`;
  const next = controls[controls.indexOf(control) + 1]?.ms ?? Number.POSITIVE_INFINITY;
  const said = evidence.transcript.findLast(
    // The trace shows whole milliseconds.
    ({ from, text, ms }) => from === 'client' && ms < Math.min(next, packet.ms + 1) && text !== 'QUIT',
  );
  return said ? `the line "${said.text}"` : 'a line of the client';
}

/** What a packet of a data connection is for. */
function carriedBy(
  { source, flags }: ConnectionPacket,
  { openedBy, destination }: ConnectionEvidence,
  { step }: Case,
): 'data' | 'acknowledgements' | 'end' {
  const fromClient = (source === destination) === (openedBy === 'server');
  const sends = step.name === 'list' || step.name === 'retrieve' ? !fromClient : fromClient;
  if (!sends) return 'acknowledgements';
  return flags.includes('FIN') && !flags.includes('PSH') ? 'end' : 'data';
}
