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

/**
 * How often to check that a firewall's trace is complete during an attempt, in milliseconds; most attempts end before
 * that.
 */
const lookAgainMs = 400;

/** The participants of an attempt. */
export interface Participants {
  readonly client: AgentConnection;
  readonly server: AgentConnection;
  /** The firewalls on the path. */
  readonly firewalls: readonly { readonly name: FirewallName; readonly agent: AgentConnection }[];
  readonly ends: Ends;
  readonly watch: TraceWatch;
}

/** The result of an attempt, and how long it took the client. */
export type ObservedAttempt = Observation & Pick<AttemptReport, 'ms'>;

/**
 * Makes an attempt and gathers the evidence: the client's report, what the firewalls saw of its connections, and what
 * the server holds afterwards. With `dropsAreFinal`, the client stops waiting as soon as a firewall's trace shows that
 * a connection attempt was dropped.
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
  /** Ends the waits for which a packet shows that no reply can come. */
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
        // An upload waits for the server's reply.
        return stopWaitingFor(({ purpose }) => purpose === 'control');
      default:
    }
  };
  const recording = watch.record((packet) => {
    if (!concerns(packet, ends)) return false;
    endVainWaits(packet);
    return true;
  });
  // A packet that the firewall did not send on, although no rule stopped it, shows only at a bookmark.
  const looking = setInterval(() => void tracesUpToDate(participants).catch(() => undefined), lookAgainMs);
  try {
    const report = await client.attempt(order, (connection, stopWaiting) => {
      connections.push(connection);
      if (!dropsAreFinal) return;
      // One control connection at a time: nothing waits for the former one any more.
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
 * Why a wait can end, given a packet. `dropped`: a connection's first packet, or a packet of a connection that the
 * firewall has forgotten. `unanswered`: a connection's first packet that was sent on, or one that the firewall did not
 * send on although no rule stopped it; final when it is sent again, since its destination is a millisecond away.
 * `too-large`: a firewall withheld from the sender that its packets are too large.
 */
function futilityOf(packet: SeenPacket): 'dropped' | 'unanswered' | 'too-large' | undefined {
  const { fate, decision, flags, stray, unreachable } = packet;
  if (fate === 'lost') return flags.includes('PSH') ? 'unanswered' : undefined;
  if (fate === 'sent') return opens(packet) && !flags.includes('ACK') ? 'unanswered' : undefined;
  if (decision?.action !== 'drop') return undefined;
  if (unreachable?.code === fragmentationNeeded) return 'too-large';
  return opens(packet) || stray ? 'dropped' : undefined;
}

/** Whether one of two packets repeats the other. */
function isSentAgain(one: SeenPacket, other: SeenPacket): boolean {
  const keys = ['firewall', 'fate', 'flags', 'source', 'destination'] as const;
  return one !== other && keys.every((key) => one[key] === other[key]);
}

/** Whether a packet may belong to an attempt: it comes from or goes to one of the client's addresses. */
function concerns({ source, destination, translated }: SeenPacket, { client }: Ends): boolean {
  const ends = [source, destination, ...(translated ? [translated.source, translated.destination] : [])];
  return ends.some((end) => client.includes(addressOf(end)));
}

/** Waits until the traces on the path have reported everything that has happened; false if one does not in time. */
async function tracesUpToDate({ firewalls, watch }: Participants): Promise<boolean> {
  const upToDate = await Promise.all(
    firewalls.map(({ name, agent }) => watch.upToDate(name, (bookmark) => agent.bookmark(bookmark))),
  );
  return upToDate.every(Boolean);
}

/** The client's ports that the server may still be connecting to. */
function portsCalledInVain({ steps }: AttemptReport): number[] {
  return steps.flatMap(({ outcome, connection }) =>
    outcome === 'failed' && connection?.openedBy === 'server' ? [Number(portOf(connection.destination))] : [],
  );
}

/** Digests of the files that the attempt left on the server, by file name. The files are removed, also incomplete ones. */
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
