/**
 * What the lab decides as soon as a trace shows a drop is what a client comes to that nobody tells anything. Each
 * expectation of each scenario once, both ways: with a patience beyond the first retransmissions (RFC 6298: a SYN after one
 * second), or, in `npm run patient`, every cell, as long as its client waits by itself.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Patience } from '../../lab/ftp/own-waits.ts';
import { cellsOf, type Lab, type Scenario, scenarios, startLab } from '../../lab/index.ts';
import { attemptAll } from '../../lab/run-scenarios.ts';
import type { CellResult } from '../../lab/verdict/cell.ts';

const whole = process.env.FTPLAB_PATIENT === 'client';
const patience: Patience = whole ? 'client' : 2000;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'patient' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** One cell for each thing that a scenario expects, made by the usual program where it can be. */
function representatives(scenario: Scenario): ReturnType<typeof cellsOf> {
  const cells = cellsOf(scenario);
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

it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s comes to the same whether or not clients sit out their waits',
  async (_name, scenario) => {
    await lab.load(scenario.ruleSet);
    const cells = representatives(scenario).map(({ key }) => ({ key }));
    const soon = await attemptAll(lab, cells);
    const late = await attemptAll(lab, cells, { patience });
    expect(late.map(outcome)).toEqual(soon.map(outcome));
  },
  whole ? 4 * 3_600_000 : 120_000,
);
