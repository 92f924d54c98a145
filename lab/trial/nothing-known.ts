import type { LabError } from '../errors.ts';
import { stepNames } from '../model/attempt.ts';
import { type Attempt, type CellResult, cellId, type Expectation } from '../model/cell.ts';
import { printable } from '../printable.ts';

/** What an attempt comes to if one of its hosts fails: a cell without a verdict on the rules. */
export function nothingKnown(
  ruleSet: string,
  attempt: Attempt,
  expected: Expectation | null,
  { message }: LabError,
): CellResult {
  return {
    id: cellId({ ruleSet, ...attempt }),
    ruleSet,
    ...attempt,
    steps: stepNames.map((name) => ({ name, outcome: 'skipped', reply: '', ms: 0 })),
    verdict: {
      uploaded: false,
      failedAt: 'connect',
      cause: 'inconclusive',
      firewall: null,
      rule: null,
      packet: null,
      sentence: `Nothing is known of this attempt, since the lab itself failed. ${printable(message)}.`,
    },
    expected,
    asExpected: expected && false,
    ms: 0,
  };
}
