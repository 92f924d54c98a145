import { type AttemptOrder, uploadName } from '../agent/protocol.ts';
import type { AnnouncedConnection, AttemptReport } from '../model/attempt.ts';
import type { Attempt } from '../model/cell.ts';
import { addressOf, belongsTo, type Ends, opens, portOf } from '../model/endpoint.ts';
import {
  connectionsWithPackets,
  type Evidence,
  fragmentationNeeded,
  isSameError,
  stepStartsOf,
} from '../model/evidence.ts';
import type { SeenPacket } from '../model/packet.ts';
import { type FirewallName, ftpAccount } from '../network/topology.ts';
import type { Observation } from '../verdict/judge.ts';
import type { AgentConnection } from './agent-connection.ts';
import type { TraceWatch } from './trace-watch.ts';

/** How often to make sure what a firewall's trace tells while an attempt goes on, in milliseconds; most are over by then. */
const lookAgainMs = 400;

/** Who takes part in an attempt. */
export interface Participants {
  readonly client: AgentConnection;
  readonly server: AgentConnection;
  /** The firewalls on the way. */
  readonly firewalls: readonly { readonly name: FirewallName; readonly agent: AgentConnection }[];
  readonly ends: Ends;
  readonly watch: TraceWatch;
}

/** What an attempt came to, and how long it took the client. */
export type ObservedAttempt = Observation & Pick<AttemptReport, 'ms'>;

/**
 * Has an attempt made and gathers the evidence: the client's report, what the firewalls saw of its connections, and what
 * the server holds afterwards. With `dropsAreFinal`, the client stops waiting as soon as a firewall's trace shows that a
 * connection attempt was dropped.
 */
export async function observeAttempt(
  participants: Participants,
  cell: Attempt,
  order: AttemptOrder,
  dropsAreFinal: boolean,
): Promise<ObservedAttempt> {
  const { client, server, ends, watch, firewalls } = participants;
  const lossesBefore = watch.losses;
  const connections: AnnouncedConnection[] = [];
  const waits = new Map<AnnouncedConnection, () => void>();
  const stopWaitingFor = (inVain: (connection: AnnouncedConnection) => boolean) => {
    for (const [connection, stopWaiting] of waits)
      if (inVain(connection)) {
        waits.delete(connection);
        stopWaiting();
      }
  };
  const isOfLast = (packet: SeenPacket) =>
    connections.slice(-1).some((connection) => belongsTo(connection, packet, ends));
  /** Ends the waits that a packet shows to be in vain. */
  const endVainWaits = (packet: SeenPacket) => {
    switch (futilityOf(packet)) {
      case 'dropped':
        return stopWaitingFor((connection) => belongsTo(connection, packet, ends));
      case 'unanswered':
        if (recording.packets.some((seen) => isSentAgain(seen, packet)))
          stopWaitingFor((connection) => belongsTo(connection, packet, ends));
        return;
      case 'too-large':
        if (
          !isOfLast(packet) &&
          !recording.packets.some((seen) => isSameError(seen, packet) && isOfLast(seen))
        )
          return;
        // What an upload waits for is the server's reply.
        return stopWaitingFor(({ purpose }) => purpose === 'control');
      default:
    }
  };
  const recording = watch.record((packet) => {
    if (!concerns(packet, ends)) return false;
    endVainWaits(packet);
    return true;
  });
  // A packet that the firewall did not send on, without a rule's doing, shows only at a bookmark.
  const looking = setInterval(() => void tracesUpToDate(participants).catch(() => undefined), lookAgainMs);
  try {
    const report = await client.attempt(order, (connection, stopWaiting) => {
      connections.push(connection);
      if (!dropsAreFinal) return;
      // One control connection at a time: nobody waits for the former one any more.
      if (connection.purpose === 'control') waits.clear();
      waits.set(connection, stopWaiting);
      for (const packet of recording.packets) endVainWaits(packet);
    });
    clearInterval(looking);
    const ports = portsCalledInVain(report);
    if (ports.length > 0) await server.abandon(ports);
    const [upToDate, files] = await Promise.all([
      tracesUpToDate(participants),
      filesOnServer(server, report, order),
    ]);
    const { startedAt, steps, transcript, ms } = report;
    const evidence = {
      startedAt,
      firewalls: firewalls.map(({ name }) => name),
      stepStarts: stepStartsOf(steps),
      transcript,
      connections: connectionsWithPackets(connections, recording.packets, ends, startedAt),
      traceComplete: upToDate && watch.losses === lossesBefore,
      files,
    };
    return { cell, steps, evidence, ms };
  } finally {
    clearInterval(looking);
    recording.stop();
  }
}

/**
 * Why nobody need wait for what a packet is about, if so. `dropped`: a connection's first packet, or one of a connection that
 * the firewall has forgotten. `unanswered`: a connection's first packet, sent on, or one that the firewall did not send on
 * though no rule says so; final where it is sent again, since whom it is for is a millisecond away. `too-large`: a firewall
 * kept from the sender that its packets are too large.
 */
function futilityOf(packet: SeenPacket): 'dropped' | 'unanswered' | 'too-large' | undefined {
  const { fate, decision, flags, stray, unreachable } = packet;
  if (fate === 'lost') return flags.includes('PSH') ? 'unanswered' : undefined;
  if (fate === 'sent') return opens(packet) && !flags.includes('ACK') ? 'unanswered' : undefined;
  if (decision?.action !== 'drop') return undefined;
  if (unreachable?.code === fragmentationNeeded) return 'too-large';
  return opens(packet) || stray ? 'dropped' : undefined;
}

/** Whether two packets that a firewall saw are one that its sender repeats. */
function isSentAgain(one: SeenPacket, other: SeenPacket): boolean {
  const keys = ['firewall', 'fate', 'flags', 'source', 'destination'] as const;
  return one !== other && keys.every((key) => one[key] === other[key]);
}

/** Whether a packet may be one of an attempt's: from or to one of the client's addresses. */
function concerns({ source, destination, translated }: SeenPacket, { client }: Ends): boolean {
  const ends = [source, destination, ...(translated ? [translated.source, translated.destination] : [])];
  return ends.some((end) => client.includes(addressOf(end)));
}

/** Waits until the traces on the way tell of everything that has happened; false where one does not in time. */
async function tracesUpToDate({ firewalls, watch }: Participants): Promise<boolean> {
  const upToDate = await Promise.all(
    firewalls.map(({ name, agent }) => watch.upToDate(name, (bookmark) => agent.bookmark(bookmark))),
  );
  return upToDate.every(Boolean);
}

/** Ports of the client that the server may still be calling. */
function portsCalledInVain({ steps }: AttemptReport): number[] {
  return steps.flatMap(({ outcome, connection }) =>
    outcome === 'failed' && connection?.openedBy === 'server' ? [Number(portOf(connection.destination))] : [],
  );
}

/** Digests of what the attempt left on the server, by file name; the files are removed, also half-written ones. */
async function filesOnServer(
  server: AgentConnection,
  report: AttemptReport,
  order: AttemptOrder,
): Promise<Evidence['files']> {
  const tried = report.steps.some((step) => step.name.startsWith('store') && step.outcome !== 'skipped');
  if (!tried) return {};
  const names = [uploadName(order.id, 'store-small'), uploadName(order.id, 'store-large')];
  const digests = await server.digest(ftpAccount.home, names);
  return Object.fromEntries(names.map((name, index) => [name, digests[index] ?? null]));
}
