import { ftpFilterTable } from '../firewall/trace.ts';
import type { AttemptReport, FailureKind, ObservedStep } from '../ftp/attempt.ts';
import type { Cause } from './cause.ts';
import { type ConnectionPacket, stepStartsOf } from './evidence.ts';
import { judge, type Observation } from './judge.ts';

/** What a firewall that nobody sees may have done to the step that failed: nothing, or one of these. */
type Deed = 'drop' | 'reject' | 'accept';

/**
 * A dropped SYN is unanswered; a rejected one is refused where a reset says so, unanswered where an ICMP error does, which
 * an attempt does not tell from silence. `accept` stands for a filter that spoils the command.
 */
const deeds: Partial<Record<FailureKind, readonly Deed[]>> = {
  'control-unanswered': ['drop', 'reject'],
  'control-refused': ['reject'],
  'data-unanswered': ['drop', 'reject'],
  'data-refused': ['reject'],
  'command-refused': ['accept'],
};

/**
 * The causes that remain possible: what {@link judge} comes to for each thing that the firewalls may have done. One alone,
 * without `inconclusive`, is proven. Pure.
 */
export function possibleCauses(cell: Observation['cell'], report: AttemptReport): Cause[] {
  const untouched = judge(observed(cell, report));
  const failed = report.steps.find(({ name }) => name === untouched.failedAt);
  const verdicts = deedsIn(failed).map((deed) => judge(observed(cell, report, deed)).cause);
  return [...new Set([untouched.cause, ...verdicts])];
}

/** Replies about room on the server's disk are the server's own (RFC 959 section 4.2.1: 452, 552). */
function deedsIn(step: ObservedStep | undefined): readonly Deed[] {
  if (!step?.failure || step.code === 452 || step.code === 552) return [];
  return deeds[step.failure] ?? [];
}

/** The attempt as it would have looked with a firewall on the way that did this to every connection. */
function observed(cell: Observation['cell'], report: AttemptReport, deed?: Deed): Observation {
  const { startedAt, steps, transcript } = report;
  const connections = steps.flatMap(({ connection, at }) =>
    connection ? [{ ...connection, ms: at, packets: deed ? [packet(deed, connection)] : [] }] : [],
  );
  // Nobody has looked at the files on the server, either.
  const evidence = {
    startedAt,
    firewalls: [],
    stepStarts: stepStartsOf(steps),
    transcript,
    connections,
    traceComplete: true,
    files: {},
  };
  return { cell, steps, evidence };
}

function packet(
  action: Deed,
  { source, destination }: NonNullable<ObservedStep['connection']>,
): ConnectionPacket {
  const table = action === 'accept' ? ftpFilterTable : 'filter';
  return {
    firewall: 'isa-x',
    at: '',
    ms: 0,
    protocol: 'tcp',
    source: source ?? '',
    destination,
    flags: 'SYN',
    unreachable: null,
    translated: null,
    stray: false,
    met: [],
    fate: action === 'accept' ? 'sent' : 'refused',
    decision: { action, table, chain: 'FORWARD', rule: '' },
  };
}
