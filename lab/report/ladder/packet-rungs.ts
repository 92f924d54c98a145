import { opens } from '../../model/endpoint.ts';
import type { ConnectionEvidence, ConnectionPacket, Evidence } from '../../model/evidence.ts';
import type { TracedPacket } from '../../model/packet.ts';
import type { RulesPlace } from '../../network/topology.ts';
import type { Placed } from './rung.ts';
import { labelOf, notesOf } from './rung-words.ts';
import { isDeclined, unseenRung } from './unseen-rung.ts';

/** The packets that tell a connection's story: its opening, the answer, errors about it, and everything that was refused. */
export function packetRungs(
  connection: ConnectionEvidence,
  evidence: Evidence,
  addresses: readonly string[],
): Placed[] {
  const opened = connection.packets.some(({ flags }) => flags === 'SYN ACK');
  const told = connection.packets.filter(
    (packet) =>
      opens(packet) ||
      packet.unreachable !== null ||
      packet.fate === 'refused' ||
      packet.fate === 'lost' ||
      (packet.flags.includes('RST') && !opened),
  );
  if (evidence.firewalls.length === 0)
    return isDeclined(connection, evidence) ? [] : [unseenRung(connection, evidence, addresses)];
  const rungs: Placed[] = [];
  const left = [...told];
  while (left.length > 0) {
    const journey = takeJourney(left, connection, evidence.firewalls);
    rungs.push(rungOf(journey, connection, evidence, addresses));
  }
  return rungs;
}

/** One packet's way: what each firewall saw of it, in the order in which it met them. */
interface Journey {
  readonly toServer: boolean;
  readonly seen: readonly ConnectionPacket[];
}

/** Takes the first packet out of the list, together with what the next firewalls saw of the same packet. */
function takeJourney(
  left: ConnectionPacket[],
  connection: ConnectionEvidence,
  firewalls: readonly RulesPlace[],
): Journey {
  const [start] = left;
  if (!start) return { toServer: true, seen: [] };
  const toServer = isToServer(start, connection);
  const way = toServer ? firewalls : [...firewalls].reverse();
  const seen: ConnectionPacket[] = [];
  for (const firewall of way) {
    const index = left.findIndex(
      (packet) =>
        packet.firewall === firewall &&
        packet.flags === start.flags &&
        packet.protocol === start.protocol &&
        isToServer(packet, connection) === toServer,
    );
    const [packet] = index >= 0 ? left.splice(index, 1) : [];
    if (packet) seen.push(packet);
    if (packet && packet.fate !== 'sent') break;
  }
  return { toServer, seen };
}

function isToServer(
  { source, translated, flags, protocol, unreachable }: TracedPacket,
  { openedBy, destination }: ConnectionEvidence,
): boolean {
  if (flags.includes('SYN')) return flags.includes('ACK') === (openedBy === 'server');
  // An ICMP error goes to whoever sent the packet that it is about.
  if (protocol === 'icmp') return unreachable?.about?.source === destination;
  const fromOpened = source === destination || translated?.source === destination;
  return openedBy === 'client' ? !fromOpened : fromOpened;
}

function rungOf(
  { toServer, seen }: Journey,
  connection: ConnectionEvidence,
  evidence: Evidence,
  addresses: readonly string[],
): Placed {
  const { firewalls } = evidence;
  const server = firewalls.length + 1;
  const [first] = seen;
  const last = seen.at(-1);
  const columnOf = (packet: ConnectionPacket) => 1 + firewalls.indexOf(packet.firewall);
  const to = toServer ? server : 0;
  const stopped = last !== undefined && last.fate !== 'sent';
  const next = last && columnOf(last) + (toServer ? 1 : -1);
  const arrived = !stopped && next === to;
  // An ICMP error starts at the firewall that saw it first, unless it came from farther away.
  const from =
    first?.protocol === 'icmp' && first.unreachable?.about ? columnOf(first) : toServer ? 0 : server;
  const place = first ? placeOf(first, connection, evidence) : connection.ms;
  return {
    ms:
      first && opens(first) && !first.flags.includes('ACK') && connection.openedBy === 'client'
        ? connection.ms
        : (first?.ms ?? place),
    place,
    kind: 'packet',
    purpose: connection.purpose,
    text: first ? labelOf(first, addresses) : '',
    from,
    to,
    end: last && !arrived ? columnOf(last) : to,
    outcome: stopped ? 'stopped' : arrived ? 'arrived' : 'unanswered',
    notes: seen.flatMap((packet) => notesOf(packet, columnOf(packet))),
    times: 1,
  };
}

/**
 * The tracer reads a packet some milliseconds after the client has gone on. So a packet that opens or refuses a
 * connection is placed where it must have happened: when the client opened the connection, or when it sent the command
 * that made the server open it.
 */
function placeOf(
  packet: ConnectionPacket,
  { openedBy, ms, packets }: ConnectionEvidence,
  { transcript }: Evidence,
): number {
  const opened = packets.some(({ flags }) => flags === 'SYN ACK');
  if (opened && !opens(packet)) return packet.ms;
  const order = packet.flags === 'SYN' ? 0.01 : packet.flags === 'SYN ACK' ? 0.02 : 0.03;
  if (openedBy === 'client') return ms + order;
  const command = transcript.find((line) => line.from === 'client' && line.ms >= ms);
  return (command?.ms ?? ms) + order;
}
