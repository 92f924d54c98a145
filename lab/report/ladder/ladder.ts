import type { Step } from '../../model/attempt.ts';
import type { CellResult } from '../../model/cell.ts';
import { addressOf } from '../../model/endpoint.ts';
import { type Evidence, readdressed } from '../../model/evidence.ts';
import { called, firewallCalled, type Names } from '../../model/names.ts';
import { spoiltCommand } from '../../model/packet.ts';
import { replies } from '../text/replies.ts';
import { packetRungs } from './packet-rungs.ts';
import type { Placed, Rung } from './rung.ts';

/** A step of the attempt with its rungs, in order. */
export interface LadderStep extends Step {
  readonly rungs: readonly Rung[];
}

/** What happened in an attempt, between which hosts, in order. The terminal and the SVG picture draw this. */
export interface Ladder {
  /** Client, firewalls on the path, server; an address if the evidence has one. */
  readonly columns: readonly { readonly name: string; readonly address: string | null }[];
  readonly steps: readonly LadderStep[];
}

/** An attempt, with the names that its columns get. */
interface Explained extends Pick<CellResult, 'steps'> {
  readonly client: string;
  readonly server: string;
  readonly evidence: Evidence;
}

export function ladderOf({ client, server, steps, evidence }: Explained, names: Names | undefined): Ladder {
  const control = evidence.connections.find(({ purpose }) => purpose === 'control');
  const callsAt = control ? addressOf(control.destination) : null;
  // A firewall that publishes the server is what the client calls.
  const publishing = control && readdressed(control.packets);
  const columns = [
    { name: called(client, names), address: control?.source ? addressOf(control.source) : null },
    ...evidence.firewalls.map((name) => ({
      name: firewallCalled(name, names),
      address: name === publishing?.packet.firewall ? callsAt : null,
    })),
    {
      name: called(server, names),
      address: publishing?.own ?? callsAt,
    },
  ];
  const addresses = columns.map(({ address }) => address).filter((address) => address !== null);
  const tried = steps.filter(({ outcome }) => outcome !== 'skipped');
  const startOf = (index: number) => {
    const step = tried[index];
    if (!step) return Number.POSITIVE_INFINITY;
    return index === 0 ? Number.NEGATIVE_INFINITY : (evidence.stepStarts[step.name] ?? 0);
  };
  const placed = inTime(
    [
      ...lines(evidence),
      ...evidence.connections.flatMap((connection) => packetRungs(connection, evidence, addresses)),
    ].sort((a, b) => a.place - b.place),
  );
  return {
    columns,
    steps: tried.map((step, index) => {
      const rungs = placed.filter(({ place }) => place >= startOf(index) && place < startOf(index + 1));
      return {
        ...step,
        rungs: merged(step.name === 'connect' || step.name === 'login' ? rungs : withoutLogin(rungs)),
      };
    }),
  };
}

/** One arrow for each command line, and one for each reply. */
function lines({ transcript, connections, firewalls }: Evidence): Placed[] {
  const server = firewalls.length + 1;
  const arrows = replies(transcript).map((line): Placed => {
    const [from, to] = line.from === 'client' ? [0, server] : [server, 0];
    const rest = { text: line.text, from, to, end: to, outcome: 'arrived', notes: [], times: 1 } as const;
    return { ms: line.ms, place: line.ms, kind: 'line', purpose: 'control', ...rest };
  });
  const spoilt = connections
    .filter(({ purpose }) => purpose === 'control')
    .flatMap(({ packets }) => packets)
    .filter((packet) => spoiltCommand(packet) !== null);
  // A filter that spoils a command spoils it every time: the first packet belongs to the first such command, and so on.
  return arrows.map((arrow) => {
    const at = arrow.from === 0 ? spoilt.findIndex((seen) => isCommand(arrow.text, spoiltCommand(seen))) : -1;
    const [packet] = at < 0 ? [] : spoilt.splice(at, 1);
    if (!packet) return arrow;
    const text = `REWRITES the command: ${packet.decision?.rule}`;
    return { ...arrow, notes: [{ column: 1 + firewalls.indexOf(packet.firewall), text, tone: 'deny' }] };
  });
}

/** Whether a line is the command with that verb; case does not matter (RFC 959 section 5.3). */
function isCommand(line: string, verb: string | null): boolean {
  return line.split(' ')[0]?.toUpperCase() === verb;
}

/** Commands that precede a transfer, one per transfer mode (RFC 959 section 4.1, RFC 2428). */
const dataCommand = /^(?:PORT|EPRT|PASV|EPSV)\b/;

/**
 * If an earlier step cost the control connection, a step begins with a new login. It is shown as one rung, since the
 * login step has shown its lines.
 */
function withoutLogin(rungs: readonly Placed[]): Placed[] {
  const start = rungs.findIndex(({ kind, purpose }) => kind === 'packet' && purpose === 'control');
  const end = rungs.findIndex(({ text }, index) => index > start && dataCommand.test(text));
  const login = rungs.slice(start, end);
  const [opening] = login;
  if (
    start < 0 ||
    end < 0 ||
    !opening ||
    login.some(({ outcome, notes }) => outcome !== 'arrived' || notes.some(({ tone }) => tone === 'deny'))
  )
    return [...rungs];
  const lines = login.filter(({ kind }) => kind === 'line').length;
  const text = `${opening.text}, and logs in again (${lines} lines)`;
  return [...rungs.slice(0, start), { ...opening, text, notes: [] }, ...rungs.slice(end)];
}

/** The trace reports a packet slightly late. Moves it back so that it is not later than what followed it. */
function inTime(rungs: readonly Placed[]): Placed[] {
  let latest = Number.POSITIVE_INFINITY;
  return rungs
    .toReversed()
    .map((rung) => {
      latest = Math.min(latest, rung.ms);
      return rung.kind === 'packet' ? { ...rung, ms: latest } : rung;
    })
    .toReversed();
}

/** Merges equal rungs into one with a count; a note that they share shows once. */
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
