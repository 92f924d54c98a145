import { LabError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import type { MeasuredLine, TooBigTest, Way } from '../model/exposure.ts';
import { isGateway, type MachineName, machineOf } from '../network/topology.ts';
import { arrival, arrivesWithinMs } from './arrival.ts';
import type { Prober } from './prober.ts';
import { encode, flags, packetTooBig } from './segment.ts';
import { isAccountedFor } from './sweep.ts';

/** A message to one end of a connection, sent from its other end's side. */
interface Message {
  readonly way: Way;
  readonly towards: MachineName;
  readonly pass: number;
}

/**
 * Opens a connection on each line on which a probe arrived at a host, and sends both its ends the ICMPv6 error without which path MTU
 * discovery fails (RFC 8201 section 1), as a router on the other side would. Says which of them get it; nothing of a line on which no
 * connection could be opened. Throws LabError `probes-lost`.
 */
export async function tryTooBig(prober: Prober, lines: readonly MeasuredLine[]): Promise<TooBigTest[]> {
  const ways = groupBy(
    lines.filter((line) => portOf(line) !== undefined),
    ({ from, to }) => `${from} ${to}`,
  );
  const sent = await Promise.all(
    [...ways.values()].flatMap(([line]) => (line ? [sendBothWays(prober, line)] : [])),
  );
  const connections = sent.flatMap((one) => one ?? []);
  const reached = await arrived(
    prober,
    connections.flatMap(({ toClient, toServer }) => [toClient, toServer]),
  );
  await prober.flush(prober.guards);
  return connections.map(({ line, port, toClient, toServer }) => ({
    client: line.from,
    server: line.to,
    port,
    reachesClient: reached.has(toClient),
    reachesServer: reached.has(toServer),
  }));
}

/** FTP's port, else the first that is open; none on lines that end at a firewall, the host's own included. */
function portOf({ open, arrivedAt, firewalls }: MeasuredLine): number | undefined {
  if (arrivedAt.some(isGateway) || !firewalls.every(isGateway)) return undefined;
  return open.some(([first, last]) => first <= 21 && 21 <= last) ? 21 : open[0]?.[0];
}

/** `undefined` if no connection could be opened. */
async function sendBothWays(prober: Prober, line: MeasuredLine) {
  const port = portOf(line) ?? 0;
  const [source, destination] = [prober.addressOf(line.from), prober.addressOf(line.to)];
  const start = { sequence: 0, acknowledged: 0, flags: flags.syn, text: '' };
  const syn = { ...start, source, destination, sourcePort: line.sourcePort, port };
  const got = await arrival(prober, line, { ...syn, pass: prober.nextPass() });
  if (!got) return undefined;
  const back: Way = {
    ...line,
    from: got.host,
    to: line.from,
    networks: [line.networks[1], line.networks[0]],
    firewalls: [...line.firewalls].reverse(),
  };
  const answer = {
    ...syn,
    source: destination,
    destination: source,
    sourcePort: port,
    port: line.sourcePort,
  };
  const toServer: Message = { way: line, towards: got.host, pass: prober.nextPass() };
  const toClient: Message = { way: back, towards: machineOf(line.from), pass: prober.nextPass() };
  await send(prober, toServer, encode({ ...answer, pass: 0 }));
  await send(prober, toClient, got.packet);
  return { line, port, toServer, toClient };
}

/** Sends the sender of a packet the error about it. */
function send(prober: Prober, { way, pass }: Message, about: Buffer): Promise<void> {
  return prober.inject(way, packetTooBig(prober.addressOf(way.from), pass, about));
}

/** The messages that reached their hosts. Throws LabError `probes-lost` if that stays unknown. */
async function arrived(prober: Prober, messages: readonly Message[]): Promise<Set<Message>> {
  const deadline = performance.now() + arrivesWithinMs;
  for (;;) {
    const counts = await prober.read();
    if (messages.every(({ way, pass }) => isAccountedFor(way, pass, 1, counts)))
      return new Set(messages.filter(({ towards, pass }) => counts.arrived.get(pass)?.has(towards) === true));
    if (performance.now() > deadline)
      throw new LabError(
        'environment',
        'probes-lost',
        'ICMPv6 errors were lost on their way to or from a firewall',
        'The machine may be too busy; try again.',
      );
  }
}
