import { toTenths } from '../duration.ts';
import type { CellResult } from '../model/cell.ts';

/** Two attempts of one cell as one result: inconclusive unless both came to the same, step by step. */
export function triedTwice(first: CellResult, second: CellResult): CellResult {
  const uploaded = [first, second].filter(({ verdict }) => verdict.uploaded).length;
  const both = {
    ...first,
    attempts: { made: 2, uploaded },
    ms: toTenths(first.ms + second.ms),
  };
  if (whatItCameTo(first) === whatItCameTo(second)) return both;
  const failing = first.verdict.uploaded ? second : first;
  return {
    ...both,
    steps: first.steps.map((step, index) => {
      const other = second.steps[index] ?? step;
      return step.outcome === 'ok' ? other : step;
    }),
    verdict: {
      ...failing.verdict,
      uploaded: false,
      cause: 'inconclusive',
      firewall: null,
      rule: null,
      packet: null,
      sentence: `Two attempts ended differently. First: ${first.verdict.sentence} Second: ${second.verdict.sentence}`,
    },
  };
}

function whatItCameTo({ verdict: { uploaded, failedAt, cause, firewall, rule }, steps }: CellResult): string {
  return JSON.stringify([uploaded, failedAt, cause, firewall, rule, steps.map(({ outcome }) => outcome)]);
}
