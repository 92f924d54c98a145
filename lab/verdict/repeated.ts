import { toTenths } from '../duration.ts';
import type { CellResult } from '../model/cell.ts';

/**
 * Several attempts of one cell that a user repeats, as one result: that of the first that did not upload, or else of the
 * first, with the number that uploaded. Throws if there are none.
 */
export function repeated(results: readonly CellResult[]): CellResult {
  const [first] = results;
  if (!first) throw new Error('A cell was not attempted');
  if (results.length === 1) return first;
  const { verdict, ...shown } = results.find((result) => !result.verdict.uploaded) ?? first;
  const sums = sumsOf(results);
  const count = `${sums.attempts.uploaded} of ${results.length} attempts uploaded`;
  const sentence = verdict.uploaded
    ? `${verdict.sentence} ${count}.`
    : `${count}. One that did not: ${verdict.sentence}`;
  return { ...shown, ...sums, verdict: { ...verdict, sentence } };
}

/** Two attempts of one cell that a comparison makes, as one result: inconclusive unless both ended alike, step by step. */
export function triedTwice(first: CellResult, second: CellResult): CellResult {
  const both = { ...first, ...sumsOf([first, second]) };
  if (endOf(first) === endOf(second)) return both;
  const { failedAt, left } = (first.verdict.uploaded ? second : first).verdict;
  return {
    ...both,
    steps: first.steps.map((step, index) => {
      const other = second.steps[index] ?? step;
      return step.outcome === 'ok' ? other : step;
    }),
    // Nothing of what proved one of the two: neither the way to a rule nor what became of a packet.
    verdict: {
      uploaded: false,
      failedAt,
      cause: 'inconclusive',
      firewall: null,
      rule: null,
      packet: null,
      ...(left && { left }),
      sentence: `Two attempts ended differently. First: ${first.verdict.sentence} Second: ${second.verdict.sentence}`,
    },
  };
}

function sumsOf(results: readonly CellResult[]) {
  return {
    attempts: { made: results.length, uploaded: results.filter(({ verdict }) => verdict.uploaded).length },
    ms: toTenths(results.reduce((sum, { ms }) => sum + ms, 0)),
  };
}

function endOf({ verdict: { uploaded, failedAt, cause, firewall, rule }, steps }: CellResult): string {
  return JSON.stringify([uploaded, failedAt, cause, firewall, rule, steps.map(({ outcome }) => outcome)]);
}
