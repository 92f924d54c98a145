import type { FailureKind, ObservedStep } from '../ftp/attempt.ts';
import type { Cause } from './cause.ts';
import { type Evidence, judge, type StepTrace } from './judge.ts';

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
export function possibleCauses(cell: Evidence['cell'], report: Evidence['report']): Cause[] {
  // Nobody has looked at the files on the server, either.
  const evidence = { cell, report, files: {} };
  const untouched = judge(withTraces(evidence, () => ({ refusal: undefined, forwarded: true })));
  const failed = report.steps.find(({ name }) => name === untouched.failedAt);
  const verdicts = deedsIn(failed).map(
    (deed) =>
      judge(withTraces(evidence, (step) => ({ refusal: refusal(deed, step), forwarded: false }))).cause,
  );
  return [...new Set([untouched.cause, ...verdicts])];
}

/** Replies about room on the server's disk are the server's own (RFC 959 section 4.2.1: 452, 552). */
function deedsIn(step: ObservedStep | undefined): readonly Deed[] {
  if (!step?.failure || step.code === 452 || step.code === 552) return [];
  return deeds[step.failure] ?? [];
}

function withTraces(
  evidence: Pick<Evidence, 'cell' | 'report' | 'files'>,
  traceOf: (step: ObservedStep) => StepTrace,
): Evidence {
  const traces = Object.fromEntries(evidence.report.steps.map((step) => [step.name, traceOf(step)]));
  return { ...evidence, traces, traceComplete: true };
}

function refusal(action: Deed, { connection }: ObservedStep): StepTrace['refusal'] {
  return {
    firewall: 'isa-x',
    packet: {
      at: '',
      protocol: 'tcp',
      source: connection?.source ?? '',
      destination: connection?.destination ?? '',
      flags: 'SYN',
      met: [],
      decision: { action, table: 'filter', chain: 'FORWARD', rule: '' },
    },
  };
}
