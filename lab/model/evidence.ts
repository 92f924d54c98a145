import type { FirewallName } from '../network/topology.ts';
import type {
  AnnouncedConnection,
  Endpoint,
  FileDigest,
  ObservedStep,
  StepName,
  TranscriptLine,
} from './attempt.ts';
import { addressOf, belongsTo, type Ends, opens } from './endpoint.ts';
import type { SeenPacket } from './packet.ts';

/** A rule or a chain's policy that packets met, and how many did. */
export interface MovedCounter {
  readonly table: string;
  readonly chain: string;
  /** In iptables-save(8) form, `-A FORWARD ... -j DROP`, or `policy DROP`. */
  readonly rule: string;
  readonly packets: number;
  readonly bytes: number;
}

/** A packet as a firewall traced it. `ms` counts from the attempt's start, as all times of an attempt do. */
export interface ConnectionPacket extends SeenPacket {
  readonly ms: number;
}

/** A connection that the attempt wanted, and what each firewall on the way saw of it, in order. */
export interface ConnectionEvidence extends AnnouncedConnection {
  readonly packets: readonly ConnectionPacket[];
}

/** What is known of an attempt besides the outcome of its steps. */
export interface Evidence {
  /** When the attempt started (ISO 8601, UTC). */
  readonly startedAt: string;
  /** The firewalls on the way, in order from the client. */
  readonly firewalls: readonly FirewallName[];
  /** When each step that was tried began. */
  readonly stepStarts: Readonly<Partial<Record<StepName, number>>>;
  readonly transcript: readonly TranscriptLine[];
  readonly connections: readonly ConnectionEvidence[];
  /**
   * Counters of each firewall's rules that moved meanwhile. Absent where other attempts may have moved them: they count for
   * all alike.
   */
  readonly counters?: Readonly<Partial<Record<FirewallName, readonly MovedCounter[]>>>;
  /** Whether the firewalls' traces tell of everything; otherwise a packet may be missing. */
  readonly traceComplete: boolean;
  /** What the server held under the name of each upload that was tried; `null` for nothing. */
  readonly files: Readonly<Record<string, FileDigest | null>>;
}

export function stepStartsOf(steps: readonly ObservedStep[]): Evidence['stepStarts'] {
  const tried = steps.filter(({ outcome }) => outcome !== 'skipped');
  return Object.fromEntries(tried.map(({ name, at }) => [name, at]));
}

/** Sorts what the traces told by the connections that it is about; packets of none of them are left out. */
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
  // What the first firewall translated goes by its new name at the next one.
  for (const { translated } of first)
    for (const end of translated ? [translated.source, translated.destination] : [])
      if (!isServerEnd(connection, end, ends)) aliases.add(end);
  const own =
    aliases.size === 0 ? first : seen.filter((packet) => belongsTo(connection, packet, ends, aliases));
  const errors = own.filter(({ unreachable }) => unreachable?.about);
  return seen.filter((packet) => own.includes(packet) || errors.some((error) => isSameError(error, packet)));
}

function isServerEnd(connection: AnnouncedConnection, end: Endpoint, ends: Ends): boolean {
  return connection.openedBy === 'client' ? end === connection.destination : addressOf(end) === ends.server;
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
export function passedAll({ packets }: ConnectionEvidence, firewalls: readonly FirewallName[]): boolean {
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

/** Whether anybody answered the connection's SYN, be it with a refusal (RST, ICMP). */
export function isAnswered({ packets }: ConnectionEvidence): boolean {
  return packets.some(
    ({ flags, unreachable }) => flags === 'SYN ACK' || flags.includes('RST') || unreachable !== null,
  );
}
