import type { RulesPlace } from '../network/topology.ts';
import type { AnnouncedConnection, Endpoint, ObservedStep } from './attempt.ts';
import { addressOf, belongsTo, type Ends, isServerEnd, opens } from './endpoint.ts';
import type { SeenPacket } from './packet.ts';
import type { ConnectionEvidence, ConnectionPacket, Evidence } from './result/evidence.ts';

export type { ConnectionEvidence, ConnectionPacket, Evidence, MovedCounter } from './result/evidence.ts';

/** When each step that was tried began, in milliseconds from the attempt's start. */
export function stepStartsOf(steps: readonly ObservedStep[]): Evidence['stepStarts'] {
  const tried = steps.filter(({ outcome }) => outcome !== 'skipped');
  return Object.fromEntries(tried.map(({ name, at }) => [name, at]));
}

/** Sorts the traced packets by the attempt's connections; packets of none of them are left out. */
export function connectionsWithPackets(
  connections: readonly AnnouncedConnection[],
  seen: readonly SeenPacket[],
  ends: Ends,
  startedAt: string,
): ConnectionEvidence[] {
  const start = Date.parse(startedAt);
  return connections.map((connection) => ({
    ...connection,
    packets: packetsOf(connection, seen, ends).map((packet) => ({
      ...packet,
      ms: Math.max(0, Date.parse(packet.at) - start),
    })),
  }));
}

function packetsOf(connection: AnnouncedConnection, seen: readonly SeenPacket[], ends: Ends): SeenPacket[] {
  const aliases = new Set<Endpoint>();
  const first = seen.filter((packet) => belongsTo(connection, packet, ends));
  const own = connection.openedBy === 'client' ? connection.destination : null;
  // A packet that the first firewall translated has its new address at the next one.
  for (const { translated } of first)
    for (const end of translated ? [translated.source, translated.destination] : [])
      if (!isServerEnd(end, own, ends)) aliases.add(end);
  const all =
    aliases.size === 0 ? first : seen.filter((packet) => belongsTo(connection, packet, ends, aliases));
  const errors = all.filter(({ unreachable }) => unreachable?.about);
  if (errors.length === 0) return all;
  return seen.filter((packet) => all.includes(packet) || errors.some((error) => isSameError(error, packet)));
}

/** An ICMP error on its way through another firewall, whose trace does not tell what it is about. */
export function isSameError(
  error: SeenPacket,
  { firewall, source, destination, unreachable }: SeenPacket,
): boolean {
  return (
    unreachable !== null &&
    unreachable.about === null &&
    firewall !== error.firewall &&
    source === error.source &&
    destination === error.destination &&
    unreachable.code === error.unreachable?.code &&
    unreachable.mtu === error.unreachable.mtu
  );
}

/** The packet of the connection's opening that a firewall refused. */
export function refusedOpening({ packets }: ConnectionEvidence): ConnectionPacket | undefined {
  return packets.find((packet) => packet.fate === 'refused' && opens(packet));
}

/** Code of ICMP's "fragmentation needed" (RFC 1191), without which a sender goes on with packets that are too large. */
export const fragmentationNeeded = 4;

/** Whether every one of the firewalls sent the connection's SYN on its way. */
export function passedAll({ packets }: ConnectionEvidence, firewalls: readonly RulesPlace[]): boolean {
  return firewalls.every((firewall) =>
    packets.some(
      (packet) =>
        packet.firewall === firewall &&
        packet.fate === 'sent' &&
        opens(packet) &&
        !packet.flags.includes('ACK'),
    ),
  );
}

/** Whether anybody answered the connection's SYN, even with a refusal (RST, ICMP). */
export function isAnswered({ packets }: ConnectionEvidence): boolean {
  return packets.some(
    ({ flags, unreachable }) => flags === 'SYN ACK' || flags.includes('RST') || unreachable !== null,
  );
}

/** A SYN that a firewall sent on to another address than the one that was called. */
export interface Readdressed {
  readonly packet: ConnectionPacket;
  /** The address that was called, and the one that it was sent to. */
  readonly called: string;
  readonly own: string;
}

/** The first such packet, as a firewall that publishes a server has them; `undefined` without one. */
export function readdressed(packets: readonly ConnectionPacket[]): Readdressed | undefined {
  for (const packet of packets) {
    const { flags, fate, destination, translated } = packet;
    if (flags !== 'SYN' || fate !== 'sent' || translated === null) continue;
    const [called, own] = [addressOf(destination), addressOf(translated.destination)];
    if (called !== own) return { packet, called, own };
  }
  return undefined;
}
