/**
 * The lab cuts waits short when a trace shows a drop. These tests show that its results equal those of clients that
 * wait. Each distinct expectation of each scenario runs once in both ways: with a patience beyond the first
 * retransmissions (RFC 6298: a SYN after one second), or, in `npm run patient`, every cell for as long as its client
 * waits by itself.
 */
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cellsOf, type Lab, type Scenario, scenarios, startLab } from '../../lab/index.ts';
import type { CellResult } from '../../lab/model/cell.ts';
import type { Patience } from '../../lab/model/patience.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';

const whole = process.env.FTPLAB_PATIENT === 'client';
const patience: Patience = whole ? 'client' : 2000;

/** Waiting costs only time, so several labs wait side by side. */
const names = ['patient-a', 'patient-b', 'patient-c'];
const free: Lab[] = [];
const limit = pLimit(names.length);

beforeAll(async () => {
  for (const name of names) free.push(await startLab({ name }));
});
afterAll(() => Promise.all(free.map((lab) => lab[Symbol.asyncDispose]())));

function withLab<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  return limit(async () => {
    const lab = free.pop();
    if (!lab) throw new Error('There is no lab');
    return work(lab).finally(() => free.push(lab));
  });
}

/**
 * One cell for each distinct expectation of a scenario, by the usual program if possible. Expectations that depend on
 * chance are left out, since results differ each time.
 */
function representatives(scenario: Scenario): ReturnType<typeof cellsOf> {
  const cells = cellsOf(scenario).filter(({ repeat }) => repeat === undefined);
  if (whole) return cells;
  const usual = cells.filter(({ key }) => key.driver === 'basic-ftp');
  const first = new Map(
    (usual.length > 0 ? usual : cells).map((cell) => [JSON.stringify(cell.expected), cell]).reverse() as [
      string,
      (typeof cells)[number],
    ][],
  );
  return [...first.values()];
}

const outcome = ({ id, verdict }: CellResult) => {
  const { uploaded, failedAt, cause, firewall, rule } = verdict;
  return { id, uploaded, failedAt, cause, firewall, rule };
};

const decided = scenarios.filter((scenario) => representatives(scenario).length > 0);

it.concurrent.each(decided.map((scenario) => [scenario.name, scenario] as const))(
  '%s has the same result whether waits are cut short or not',
  async (_name, scenario) => {
    const cells = representatives(scenario).map(({ key }) => ({ key }));
    const [soon, late] = await withLab(async (lab) => {
      await lab.load(scenario.ruleSet);
      return [await attemptAll(lab, cells), await attemptAll(lab, cells, { patience })] as const;
    });
    expect(late.map(outcome)).toEqual(soon.map(outcome));
  },
  whole ? 4 * 3_600_000 : 300_000,
);
