import { setTimeout as delay } from 'node:timers/promises';
import { type AttemptOrder, uploadName } from '../agent/protocol.ts';
import type { AnnouncedConnection, AttemptReport, ConnectionAttempt } from '../model/attempt.ts';
import type { Attempt } from '../model/cell.ts';
import { addressOf, belongsTo, type Ends, endpointOf, opens, portOf } from '../model/endpoint.ts';
import { connectionsWithPackets, type Evidence, stepStartsOf } from '../model/evidence.ts';
import type { SeenPacket } from '../model/packet.ts';
import { familyOf } from '../network/family.ts';
import { ftpAccount, type RulesPlace } from '../network/topology.ts';
import type { Known, Observation } from '../verdict/finding.ts';
import type { AgentConnection } from './agent-connection.ts';
import type { TraceWatch } from './trace-watch.ts';
import { type DropSense, VainWaits } from './vain-waits.ts';

/** The participants of an attempt. */
export interface Participants {
  readonly client: AgentConnection;
  readonly server: AgentConnection;
  /** Where rules stand on the path. */
  readonly firewalls: readonly { readonly name: RulesPlace; readonly agent: AgentConnection }[];
  readonly ends: Ends;
  readonly known: Known;
  readonly watch: TraceWatch;
  /** Called with each packet that a rule dropped, and that the client goes on waiting for since it may pass when sent again. */
  readonly onHope?: ((packet: SeenPacket) => void) | undefined;
}

/** The result of an attempt, and how long it took the client. */
export type ObservedAttempt = Observation & Pick<AttemptReport, 'ms'>;

/**
 * Has an attempt made and gathers the evidence: the client's report, what the firewalls saw of its connections, and what
 * the server holds afterwards. The client stops waiting as soon as a firewall's trace shows that it waits in vain, by what a drop
 * says there; with `null` nobody tells it.
 */
export async function observeAttempt(
  participants: Participants,
  cell: Attempt,
  order: AttemptOrder,
  drops: DropSense | null,
): Promise<ObservedAttempt> {
  const { client, server, ends, known, watch, firewalls, onHope } = participants;
  const lossesBefore = watch.losses;
  const connections: AnnouncedConnection[] = [];
  const vain = new VainWaits(ends, drops ?? { kind: 'final' }, known.everybody, onHope);
  const recording = watch.record((packet) => {
    if (packet.neighbour) return packet.fate === 'refused';
    if (!concerns(packet, ends)) return false;
    vain.hear(packet);
    return true;
  });
  try {
    const report = await client.attempt(order, (connection, stopWaiting) => {
      connections.push(connection);
      if (drops !== null) vain.announce(connection, stopWaiting);
    });
    await Promise.all([
      abandonOn(server, vain.endedStanding ? connections : calledInVain(report), ends),
      abandonOn(client, vain.endedStanding ? connections : [], ends),
    ]);
    const [inTime, files] = await Promise.all([
      tracesUpToDate(participants),
      filesOnServer(server, report, order),
    ]);
    const upToDate = inTime && (await lostOnesShow(participants, report, recording.packets));
    const { startedAt, steps, transcript, ms } = report;
    const evidence = {
      startedAt,
      firewalls: firewalls.map(({ name }) => name),
      stepStarts: stepStartsOf(steps),
      transcript,
      connections: connectionsWithPackets(connections, recording.packets, ends, startedAt),
      ...refusedNeighbours(recording.packets, startedAt),
      traceComplete: upToDate && watch.losses === lossesBefore,
      files,
    };
    return { cell, steps, evidence, known, ms };
  } finally {
    recording.stop();
  }
}

/** The same, with every packet between the two hosts traced: too much to trace of each attempt. */
export async function observeClosely(
  participants: Participants,
  cell: Attempt,
  order: AttemptOrder,
  drops: DropSense | null,
): Promise<ObservedAttempt> {
  const { firewalls, ends } = participants;
  const hosts = ends.client.flatMap((client) =>
    ends.server
      .filter((server) => familyOf(server) === familyOf(client))
      .map((server) => [client, server] as const),
  );
  const look = (on: boolean) => Promise.all(firewalls.map(({ agent }) => agent.closeUp(hosts, on)));
  await look(true);
  try {
    const observation = await observeAttempt(participants, cell, order, drops);
    return { ...observation, evidence: { ...observation.evidence, closeUp: true } };
  } finally {
    await look(false);
  }
}

/**
 * Whether a packet may be one of an attempt's: from or to an address of the client's or the server's. What a firewall itself
 * sends in their name is none, as a copy (TEE), unless it ends the connection or tells of an error.
 */
function concerns(packet: SeenPacket, { client, server }: Ends): boolean {
  const { source, destination, translated, own, protocol, flags } = packet;
  if (own && protocol === 'tcp' && !flags.includes('RST')) return false;
  const ends = [source, destination, ...(translated ? [translated.source, translated.destination] : [])];
  return ends.map(addressOf).some((address) => server.includes(address) || client.includes(address));
}

/** Messages by which hosts look for each other that were refused. */
function refusedNeighbours(packets: readonly SeenPacket[], startedAt: string): Pick<Evidence, 'neighbours'> {
  const refused = packets.filter(({ neighbour }) => neighbour !== undefined);
  const start = Date.parse(startedAt);
  const neighbours = refused.map((packet) => ({ ...packet, ms: Math.max(0, Date.parse(packet.at) - start) }));
  return neighbours.length > 0 ? { neighbours } : {};
}

/** Waits until the traces on the path have reported everything that has happened; false if one does not in time. */
async function tracesUpToDate({ firewalls, watch }: Participants): Promise<boolean> {
  const upToDate = await Promise.all(
    firewalls.map(({ name, agent }) => watch.upToDate(name, (bookmark) => agent.bookmark(bookmark))),
  );
  return upToDate.every(Boolean);
}

/** How long the trace may need to tell that a packet does not leave, in milliseconds. */
const lostShowWithin = 30;

/** Waits for what the traces say of packets that were lost a moment ago; false if one does not tell in time. */
async function lostOnesShow(
  participants: Participants,
  { steps }: AttemptReport,
  seen: readonly SeenPacket[],
): Promise<boolean> {
  const untold = steps.some(({ outcome, connection }) => {
    if (outcome !== 'failed' || connection === null) return false;
    const own = seen.filter((packet) => opens(packet) && belongsTo(connection, packet, participants.ends));
    if (own.some(({ fate }) => fate !== 'sent')) return false;
    return participants.firewalls.some(({ name }) => own.every(({ firewall }) => firewall !== name));
  });
  if (!untold) return true;
  await delay(lostShowWithin);
  return tracesUpToDate(participants);
}

/** Connections that the server may still be calling the client for. */
function calledInVain({ steps }: AttemptReport): ConnectionAttempt[] {
  return steps.flatMap(({ outcome, connection }) =>
    outcome === 'failed' && connection?.openedBy === 'server' ? [connection] : [],
  );
}

/** Ends what a host still has of connections, by the client's end of them. */
async function abandonOn(
  host: AgentConnection,
  connections: readonly ConnectionAttempt[],
  { client }: Ends,
): Promise<void> {
  const own = connections
    .map(({ openedBy, source, destination }) => (openedBy === 'client' ? source : destination))
    .filter((end) => end !== null);
  const endpoints = own.flatMap((end) => client.map((address) => endpointOf(address, portOf(end))));
  if (endpoints.length > 0) await host.abandon(endpoints);
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
