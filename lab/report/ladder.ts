import { addressOf, opens, portOf } from '../firewall/endpoints.ts';
import { readOnlyHit, type TracedPacket } from '../firewall/trace.ts';
import type { Step } from '../ftp/attempt.ts';
import type { FirewallName } from '../network/topology.ts';
import type { CellResult } from '../verdict/cell.ts';
import type { ConnectionEvidence, ConnectionPacket, Evidence } from '../verdict/evidence.ts';
import { replies } from './replies.ts';

/** What a rung says beside its arrow, at one of the columns. */
export interface Note {
  readonly column: number;
  readonly text: string;
  readonly tone: 'allow' | 'deny' | 'plain';
}

/** One arrow: an FTP line, or a packet of a connection. */
export interface Rung {
  /** From the attempt's start. */
  readonly ms: number;
  readonly kind: 'line' | 'packet';
  readonly text: string;
  /** Columns. `to` is where it was bound for, `end` where it came to. */
  readonly from: number;
  readonly to: number;
  readonly end: number;
  /** `stopped`: it ends at a firewall. `unanswered`: nobody is known to have got it. */
  readonly outcome: 'arrived' | 'stopped' | 'unanswered';
  readonly notes: readonly Note[];
  /** How often, where the same came again. */
  readonly times: number;
}

/** A step of the attempt with its rungs in order. */
export interface LadderStep extends Step {
  readonly rungs: readonly Rung[];
}

/** What happened in an attempt, between whom, in order: what terminal and picture draw. */
export interface Ladder {
  /** Client, firewalls on the way, server; an address where the evidence tells one. */
  readonly columns: readonly { readonly name: string; readonly address: string | null }[];
  readonly steps: readonly LadderStep[];
}

/** A rung, and where it belongs in the order of things. */
interface Placed extends Rung {
  readonly place: number;
}

/** An attempt, by the names that its columns are to have. */
interface Explained extends Pick<CellResult, 'steps'> {
  readonly client: string;
  readonly server: string;
  readonly evidence: Evidence;
}

export function ladderOf({ client, server, steps, evidence }: Explained): Ladder {
  const control = evidence.connections.find(({ purpose }) => purpose === 'control');
  const columns = [
    { name: client, address: control?.source ? addressOf(control.source) : null },
    ...evidence.firewalls.map((name) => ({ name, address: null })),
    { name: server, address: control ? addressOf(control.destination) : null },
  ];
  const addresses = columns.map(({ address }) => address).filter((address) => address !== null);
  const tried = steps.filter(({ outcome }) => outcome !== 'skipped');
  const startOf = (index: number) => {
    const step = tried[index];
    if (!step) return Number.POSITIVE_INFINITY;
    return index === 0 ? Number.NEGATIVE_INFINITY : (evidence.stepStarts[step.name] ?? 0);
  };
  const placed = [
    ...lines(evidence),
    ...evidence.connections.flatMap((connection) => packets(connection, evidence, addresses)),
  ].sort((a, b) => a.place - b.place);
  return {
    columns,
    steps: tried.map((step, index) => {
      const rungs = placed.filter(({ place }) => place >= startOf(index) && place < startOf(index + 1));
      return { ...step, rungs: merged(rungs) };
    }),
  };
}

/** An arrow a line of a command, and a reply. */
function lines({ transcript, connections, firewalls }: Evidence): Placed[] {
  const server = firewalls.length + 1;
  const arrows = replies(transcript).map((line): Placed => {
    const [from, to] = line.from === 'client' ? [0, server] : [server, 0];
    const rest = { text: line.text, from, to, end: to, outcome: 'arrived', notes: [], times: 1 } as const;
    return { ms: line.ms, place: line.ms, kind: 'line', ...rest };
  });
  const controls = connections.filter(({ purpose }) => purpose === 'control');
  return controls
    .flatMap(({ packets }) => packets)
    .filter((packet) => readOnlyHit(packet) !== null)
    .reduce((rungs, packet) => withSpoilt(rungs, packet, firewalls), arrows);
}

/** The command that a filter spoilt is the last one that had been sent when it did. */
function withSpoilt(rungs: Placed[], packet: ConnectionPacket, firewalls: readonly FirewallName[]): Placed[] {
  const index = rungs.findLastIndex(({ from, ms }) => from === 0 && ms <= packet.ms + 1);
  const note: Note = {
    column: 1 + firewalls.indexOf(packet.firewall),
    text: `spoils the command: ${packet.decision?.rule}`,
    tone: 'deny',
  };
  return rungs.map((rung, at) => (at === index ? { ...rung, notes: [...rung.notes, note] } : rung));
}

/** What tells the story of a connection: its opening, the answer to that, errors about it, and whatever was refused. */
function packets(connection: ConnectionEvidence, evidence: Evidence, addresses: readonly string[]): Placed[] {
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
    return isDeclined(connection, evidence) ? [] : [unseen(connection, evidence, addresses)];
  const rungs: Placed[] = [];
  const left = [...told];
  while (left.length > 0) {
    const journey = takeJourney(left, connection, evidence.firewalls);
    rungs.push(rungOf(journey, connection, evidence, addresses));
  }
  return rungs;
}

/** One packet's way: what each firewall on it saw, in the order in which it met them. */
interface Journey {
  readonly toServer: boolean;
  readonly seen: readonly ConnectionPacket[];
}

/** Takes the first packet, and what the next firewalls saw of the same one, out of the list. */
function takeJourney(
  left: ConnectionPacket[],
  connection: ConnectionEvidence,
  firewalls: readonly FirewallName[],
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
  // An ICMP error comes from the firewall that saw it first, unless it came from farther.
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
 * The tracer reads of a packet some milliseconds after the client has gone on. So what opens a connection stands where it
 * must have happened: when the client opened it, or when it had sent the command for which the server opens it.
 */
function placeOf(
  packet: ConnectionPacket,
  { openedBy, ms }: ConnectionEvidence,
  { transcript }: Evidence,
): number {
  if (!opens(packet)) return packet.ms;
  const afterAnswer = packet.flags.includes('ACK') ? 0.02 : 0.01;
  if (openedBy === 'client') return ms + afterAnswer;
  const command = transcript.find((line) => line.from === 'client' && line.ms >= ms);
  return (command?.ms ?? ms) + afterAnswer;
}

/** A connection of which no firewall's trace tells: whether it came about shows in what was said next in the same step. */
function unseen(connection: ConnectionEvidence, evidence: Evidence, addresses: readonly string[]): Placed {
  const { source, destination, openedBy, ms } = connection;
  const [from, to] = openedBy === 'client' ? [0, 1] : [1, 0];
  const ends = [source ? end(source, addresses) : '', end(destination, addresses)]
    .filter(Boolean)
    .join(' > ');
  // The server opens it upon the command that comes next, and would otherwise stand before that.
  const command = evidence.transcript.find((line) => line.from === 'client' && line.ms >= ms);
  const place = openedBy === 'server' && command ? command.ms : ms;
  return {
    ms: place,
    place: place + 0.01,
    kind: 'packet',
    text: `SYN ${ends}`,
    from,
    to,
    end: to,
    outcome: cameAbout(connection, evidence) ? 'arrived' : 'unanswered',
    notes: [],
    times: 1,
  };
}

/**
 * Upon an open control connection the server greets. A client sends no command before its passive data connection stands;
 * for an active one the server says so (RFC 959 section 5.4: 150, or 125).
 */
function cameAbout(connection: ConnectionEvidence, evidence: Evidence): boolean {
  const said = saidAfter(connection, evidence);
  if (connection.purpose === 'data' && connection.openedBy === 'client')
    return said.some(({ from }) => from === 'client');
  const sign = connection.purpose === 'data' ? /^1/ : /^\d/;
  return said.some(({ from, text }) => from === 'server' && sign.test(text));
}

/** Whether the server refused the command for which it was to open the connection: then it hardly tried. */
function isDeclined(connection: ConnectionEvidence, evidence: Evidence): boolean {
  if (connection.openedBy === 'client' || cameAbout(connection, evidence)) return false;
  // RFC 959 section 4.2.1: 425 can't open data connection.
  return saidAfter(connection, evidence).some(
    ({ from, text }) => from === 'server' && !text.startsWith('425'),
  );
}

/** What was said in the connection's step, once it was tried or asked for. */
function saidAfter(
  { step, ms }: ConnectionEvidence,
  { transcript, stepStarts }: Evidence,
): Evidence['transcript'] {
  const start = stepStarts[step] ?? ms;
  const next = Math.min(...Object.values(stepStarts).filter((other) => other > start));
  return transcript.filter((line) => line.ms >= ms && line.ms < next && line.text !== 'QUIT');
}

function labelOf(
  { protocol, flags, source, destination, unreachable }: TracedPacket,
  addresses: readonly string[],
): string {
  if (protocol === 'icmp' && unreachable)
    return `ICMP ${unreachableText(unreachable.code)}${unreachable.mtu ? `, MTU ${unreachable.mtu}` : ''}`;
  return `${flags} ${end(source, addresses)} > ${end(destination, addresses)}`;
}

/** Codes of RFC 792 and RFC 1812 section 5.2.7.1. */
function unreachableText(code: number): string {
  const texts: Record<number, string> = {
    0: 'network unreachable',
    1: 'host unreachable',
    2: 'protocol unreachable',
    3: 'port unreachable',
    4: 'fragmentation needed',
    9: 'network prohibited',
    10: 'host prohibited',
    13: 'administratively prohibited',
  };
  return texts[code] ?? `unreachable, code ${code}`;
}

/** An endpoint; its port alone where a column's heading gives the address. */
function end(endpoint: string, addresses: readonly string[]): string {
  return addresses.includes(addressOf(endpoint)) ? `:${portOf(endpoint)}` : endpoint;
}

function notesOf(packet: ConnectionPacket, column: number): Note[] {
  const { fate, decision, translated, flags } = packet;
  const nat: Note[] = translated
    ? [{ column, text: `NAT: ${translated.source} > ${translated.destination}`, tone: 'plain' }]
    : [];
  switch (fate) {
    case 'refused':
      return [
        {
          column,
          text: `${decision?.action === 'reject' ? 'REJECT' : 'DROP'}: ${decision?.rule}`,
          tone: 'deny',
        },
        ...(packet.stray ? [{ column, text: 'of no known connection', tone: 'plain' } as const] : []),
      ];
    case 'lost':
      return [{ column, text: 'did not leave, though no rule refused it', tone: 'deny' }];
    case 'local':
      return [{ column, text: 'taken by the firewall itself', tone: 'deny' }];
    case 'sent':
      // What belongs to a known connection is let pass without a question.
      return flags === 'SYN'
        ? [{ column, text: `ALLOW: ${decision?.rule ?? 'no rule'}`, tone: 'allow' }, ...nat]
        : [];
  }
}

/** Rungs that come again are one, with their number; what each was about shows once. */
function merged(rungs: readonly Placed[]): Rung[] {
  const kept: Placed[] = [];
  for (const rung of rungs) {
    const same = (other: Placed) =>
      rung.kind === 'packet' &&
      other.kind === 'packet' &&
      JSON.stringify([other.text, other.end, other.notes]) ===
        JSON.stringify([rung.text, rung.end, rung.notes]);
    const index = kept.findLastIndex(same);
    const known = kept[index];
    if (known) kept[index] = { ...known, times: known.times + 1 };
    else kept.push(rung);
  }
  return kept.map(({ place: _place, ...rung }) => rung);
}
