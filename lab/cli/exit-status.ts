import type { Check } from '../model/check.ts';
import type { ComparisonResult } from '../model/result/comparison.ts';
import type { RunResult } from '../model/run-result.ts';
import { isAsIntended } from '../verdict/comparison.ts';
import { areMet } from '../verdict/demands.ts';

/** Exit statuses of all commands. */
export const exitStatus = {
  asExpected: 0,
  /** Something differs from what was expected, or could not be decided. */
  differs: 1,
  /** A mistake on the command line or in a file that it names, or nothing to run. */
  usage: 2,
  /** This machine cannot run the lab, or the lab failed. */
  environment: 3,
  /** 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;

/**
 * A run's exit status: `differs` if the run is void or was cut short, a scenario was skipped, or a cell is not as expected. A cell
 * without an expectation only has to be decided: a blocked upload is a result, an inconclusive one is not. If uploads were needed or
 * forbidden, only these count.
 */
export function statusOfRun({ cells, summary }: RunResult): number {
  const fails = (cell: RunResult['cells'][number]) =>
    cell.expected === null ? cell.verdict.cause === 'inconclusive' : cell.asExpected !== true;
  const { demands } = summary;
  if (demands && demands.need.length + demands.forbid.length > 0)
    return areMet(demands) && summary.void === null && !summary.missing
      ? exitStatus.asExpected
      : exitStatus.differs;
  const undecided = summary.void !== null || summary.skipped.length > 0 || Boolean(summary.missing);
  return undecided || cells.some(fails) ? exitStatus.differs : exitStatus.asExpected;
}

/** A comparison's exit status: `differs` if something broke, or else than an intent allows, or not all is as it was needed. */
export function statusOfComparison({ intent, demands, summary }: ComparisonResult): number {
  const holds = intent ? isAsIntended(intent) : summary.breaksNothing;
  return holds && (!demands || areMet(demands)) ? exitStatus.asExpected : exitStatus.differs;
}

/** The doctor's exit status: `environment` if something is missing, `differs` if something could not be checked. */
export function statusOfChecks(checks: readonly Check[]): number {
  if (checks.some(({ ok }) => ok === false)) return exitStatus.environment;
  return checks.every(({ ok }) => ok === true) ? exitStatus.asExpected : exitStatus.differs;
}
