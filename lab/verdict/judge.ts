import type { Refusal } from '../firewall/refusal-watch.ts';
import {
  type AttemptReport,
  type FailureKind,
  type FileDigest,
  isPassive,
  type ObservedStep,
  type StepName,
} from '../ftp/attempt.ts';
import type { Cause } from './cause.ts';
import type { Attempted, Verdict } from './cell.ts';
import { sentenceOf } from './sentence.ts';

/** What the firewalls' traces say of one failed step. */
export interface StepTrace {
  /** The packet of its connection, or the command, that a firewall refused. */
  readonly refusal: Refusal | undefined;
  /** Whether every firewall on the way is known to have forwarded the connection's SYN. */
  readonly forwarded: boolean;
}

/** Everything that is known of one attempt. */
export interface Evidence {
  readonly cell: Attempted;
  readonly report: AttemptReport;
  /** What the firewalls' traces say of each step that failed. */
  readonly traces: Partial<Record<StepName, StepTrace>>;
  /** Whether the firewalls' traces tell of everything; otherwise a refusal may be missing from `traces`. */
  readonly traceComplete: boolean;
  /** What the server holds under the name of each upload that it confirmed; without those that nobody could look at. */
  readonly files: Readonly<Record<string, FileDigest | null>>;
}

/** Steps that an upload needs, in order; list and retrieve tell causes apart but do not decide. */
export const stepsThatUploadsNeed: readonly StepName[] = ['connect', 'login', 'store-small', 'store-large'];

/** The steps, with a confirmed store turned into a failed one where other bytes are on the server than were sent. */
export function verifiedSteps({ report, files }: Evidence): ObservedStep[] {
  return report.steps.map((step) => {
    const found = step.stored && files[step.stored.file];
    if (!step.stored || found === undefined || found?.sha256 === step.stored.sha256) return step;
    const reply = found ? `the server holds ${found.bytes} other bytes` : 'the server holds no such file';
    return { ...step, outcome: 'failed', failure: 'content-mismatch', reply };
  });
}

/** Evidence to verdict. Pure. */
export function judge(evidence: Evidence): Verdict {
  const steps = verifiedSteps(evidence);
  const failed = stepsThatUploadsNeed
    .map((name) => steps.find((step) => step.name === name))
    .find((step) => step?.outcome !== 'ok');
  const finding = failed ? findingOf(failed, evidence) : { cause: 'none' as const };
  const refusal = 'refusal' in finding ? finding.refusal : undefined;
  const verdict = {
    uploaded: failed === undefined,
    failedAt: failed?.name ?? null,
    cause: finding.cause,
    firewall: refusal?.firewall ?? null,
    rule: refusal?.packet.decision.rule ?? null,
    // Read Only lets the packet pass and spoils the command in it.
    packet:
      refusal && refusal.packet.decision.action !== 'accept'
        ? {
            protocol: refusal.packet.protocol,
            source: refusal.packet.source,
            destination: refusal.packet.destination,
          }
        : null,
  };
  return { ...verdict, sentence: sentenceOf(evidence.cell, verdict, failed) };
}

interface Finding {
  readonly cause: Cause;
  /** Only where the refusal is why. */
  readonly refusal?: Refusal;
}

/** Failures that a firewall's refusal of the step's own connection explains. */
const connectionFailures: readonly (FailureKind | null)[] = [
  'control-unanswered',
  'control-refused',
  'data-unanswered',
  'data-refused',
];

/** The cause of one failed step. Without proof of a cause it is `inconclusive`, never a guess. */
function findingOf(step: ObservedStep, { cell, traces, traceComplete }: Evidence): Finding {
  const { refusal, forwarded } = traces[step.name] ?? { refusal: undefined, forwarded: false };
  if (refusal && step.failure === 'command-refused') return { cause: 'command-refused-by-firewall', refusal };
  if (refusal && step.failure === 'tls-refused') return { cause: 'tls-refused-by-firewall', refusal };
  if (refusal && connectionFailures.includes(step.failure)) {
    const kind = step.connection?.purpose ?? 'data';
    return { cause: `${kind}-${refusal.packet.decision.action === 'drop' ? 'dropped' : 'refused'}`, refusal };
  }
  if (step.failure === 'content-mismatch') return { cause: 'content-mismatch' };
  if (!traceComplete) return { cause: 'inconclusive' };
  switch (step.failure) {
    // A reset is the server's only if the SYN got there: it may be a firewall's own, after a redirection.
    case 'control-refused':
    case 'data-refused':
      return { cause: forwarded ? step.failure : 'inconclusive' };
    case 'login-denied':
      return { cause: 'login-denied' };
    case 'data-command-refused':
      return { cause: isPassive(cell.mode) ? 'command-refused-by-server' : 'port-command-refused' };
    case 'address-refused-by-client':
      return { cause: 'pasv-address-rejected-by-client' };
    case 'command-refused':
      // RFC 959 section 4.2.1: 452 insufficient storage, 552 exceeded storage allocation.
      return {
        cause: step.code === 452 || step.code === 552 ? 'quota-exceeded' : 'command-refused-by-server',
      };
    case 'tls-refused':
      return { cause: 'command-refused-by-server' };
    case 'tls-session-not-reused':
      return { cause: 'tls-session-reuse-required' };
    case 'transfer-stalled':
      return { cause: 'stalled-mid-transfer' };
    default:
      return { cause: 'inconclusive' };
  }
}
