import type { Refusal } from '../firewall/refusal-watch.ts';
import {
  type AttemptReport,
  type FileDigest,
  isPassive,
  type ObservedStep,
  type StepName,
} from '../ftp/attempt.ts';
import type { Cause } from './cause.ts';
import type { CellKey, Verdict } from './cell.ts';
import { sentenceOf } from './sentence.ts';

/** Everything that is known of one attempt. */
export interface Evidence {
  readonly cell: Omit<CellKey, 'ruleSet'>;
  readonly report: AttemptReport;
  /** What a firewall refused, by the step that it was refused in. */
  readonly refusals: Partial<Record<StepName, Refusal>>;
  /** Whether the firewalls' traces tell of everything; otherwise a refusal may be missing from `refusals`. */
  readonly traceComplete: boolean;
  /** What the server holds under the name of each upload that it confirmed. */
  readonly files: Readonly<Record<string, FileDigest | null>>;
}

/** Steps that an upload needs, in order; list and retrieve tell causes apart but do not decide. */
const needed: readonly StepName[] = ['connect', 'login', 'store-small', 'store-large'];

/** The steps, with a confirmed store turned into a failed one where other bytes are on the server than were sent. */
export function verifiedSteps({ report, files }: Evidence): ObservedStep[] {
  return report.steps.map((step) => {
    if (!step.stored || files[step.stored.file]?.sha256 === step.stored.sha256) return step;
    const found = files[step.stored.file];
    const reply = found ? `the server holds ${found.bytes} other bytes` : 'the server holds no such file';
    return { ...step, outcome: 'failed', failure: 'content-mismatch', reply };
  });
}

/** Evidence to verdict. Pure. */
export function judge(evidence: Evidence): Verdict {
  const steps = verifiedSteps(evidence);
  const failed = needed
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

/** The cause of one failed step. Without proof of a cause it is `inconclusive`, never a guess. */
function findingOf(step: ObservedStep, { cell, refusals, traceComplete }: Evidence): Finding {
  const refusal = refusals[step.name];
  if (refusal && step.failure !== 'content-mismatch') {
    const { action } = refusal.packet.decision;
    if (action === 'accept') return { cause: 'command-refused-by-firewall', refusal };
    const kind = step.connection?.purpose ?? 'data';
    return { cause: `${kind}-${action === 'drop' ? 'dropped' : 'refused'}`, refusal };
  }
  if (!traceComplete && step.failure !== 'content-mismatch') return { cause: 'inconclusive' };
  switch (step.failure) {
    case 'control-refused':
      return { cause: 'control-refused' };
    case 'data-refused':
      return { cause: 'data-refused' };
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
    case 'transfer-stalled':
      return { cause: 'stalled-mid-transfer' };
    case 'content-mismatch':
      return { cause: 'content-mismatch' };
    default:
      return { cause: 'inconclusive' };
  }
}
