import { addressOf, belongsTo, type Ends, opens, portOf } from '../firewall/endpoints.ts';
import type { SeenPacket, TraceWatch } from '../firewall/trace-watch.ts';
import { type FirewallName, ftpAccount } from '../network/topology.ts';
import type { Attempt } from '../verdict/cell.ts';
import { connectionsWithPackets, type Evidence, stepStartsOf } from '../verdict/evidence.ts';
import type { Observation } from '../verdict/judge.ts';
import type { AgentConnection } from './agent-connection.ts';
import { type AnnouncedConnection, type AttemptOrder, type AttemptReport, uploadName } from './attempt.ts';

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
  /** Ends the waits that a packet shows to be in vain. */
  const endVainWaits = (packet: SeenPacket) => {
    if (packet.decision?.action !== 'drop' || packet.fate !== 'refused' || !opens(packet)) return;
    for (const [connection, stopWaiting] of waits)
      if (belongsTo(connection, packet, ends)) {
        waits.delete(connection);
        stopWaiting();
      }
  };
  const recording = watch.record((packet) => {
    if (!concerns(packet, ends)) return false;
    endVainWaits(packet);
    return true;
  });
  try {
    const report = await client.attempt(order, (connection, stopWaiting) => {
      connections.push(connection);
      if (!dropsAreFinal) return;
      waits.set(connection, stopWaiting);
      for (const packet of recording.packets) endVainWaits(packet);
    });
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
    recording.stop();
  }
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
