import type { ConnectionEvidence, Evidence } from '../../model/evidence.ts';
import type { Placed } from './rung.ts';
import { end } from './rung-words.ts';

/** A connection that no firewall traced. Whether it was established is inferred from what was said next in the same step. */
export function unseenRung(
  connection: ConnectionEvidence,
  evidence: Evidence,
  addresses: readonly string[],
): Placed {
  const { purpose, source, destination, openedBy, ms } = connection;
  const [from, to] = openedBy === 'client' ? [0, 1] : [1, 0];
  const ends = [source ? end(source, addresses) : '', end(destination, addresses)]
    .filter(Boolean)
    .join(' > ');
  // The server opens it only after the next command, so it must not stand before that command.
  const command = evidence.transcript.find((line) => line.from === 'client' && line.ms >= ms);
  const place = openedBy === 'server' && command ? command.ms : ms;
  return {
    ms: place,
    place: place + 0.01,
    kind: 'packet',
    purpose,
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
 * On an open control connection the server sends a greeting. A client sends no command before its passive data
 * connection is open. For an active one the server sends a preliminary reply (RFC 959 section 5.4: 150 or 125).
 */
function cameAbout(connection: ConnectionEvidence, evidence: Evidence): boolean {
  const said = saidAfter(connection, evidence);
  if (connection.purpose === 'data' && connection.openedBy === 'client')
    return said.some(({ from }) => from === 'client');
  const sign = connection.purpose === 'data' ? /^1/ : /^\d/;
  return said.some(({ from, text }) => from === 'server' && sign.test(text));
}

/**
 * Whether the server refused the command for which it should have opened the connection: then it most likely never
 * tried.
 */
export function isDeclined(connection: ConnectionEvidence, evidence: Evidence): boolean {
  if (connection.openedBy === 'client' || cameAbout(connection, evidence)) return false;
  // RFC 959 section 4.2.1: 425 can't open data connection.
  return saidAfter(connection, evidence).some(
    ({ from, text }) => from === 'server' && /^[45]/.test(text) && !text.startsWith('425'),
  );
}

/** The lines of the connection's step that followed its opening. */
function saidAfter(
  { step, ms }: ConnectionEvidence,
  { transcript, stepStarts }: Evidence,
): Evidence['transcript'] {
  const start = stepStarts[step] ?? ms;
  const next = Math.min(...Object.values(stepStarts).filter((other) => other > start));
  return transcript.filter((line) => line.ms >= ms && line.ms < next && line.text !== 'QUIT');
}
