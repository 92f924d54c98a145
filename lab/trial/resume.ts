import { LabError } from '../errors.ts';
import { cellId, type Expectation } from '../model/cell.ts';
import { commonSetting, mergeRuns, type NamedRun } from '../model/merge-runs.ts';
import type { RunResult } from '../model/run-result.ts';
import { cellsOf, type Scenario, withCells } from '../model/scenario.ts';
import { knownScenarios } from './known-scenarios.ts';
import { parseCell, ruleSetOf } from './parse-cell.ts';
import { type RunConditions, runChosen } from './run.ts';

/**
 * Goes on with a run that was cut short: tries the cells that its document misses, and returns both as one run. Hosts are called what the
 * document calls them. Throws LabError
 * `nothing-missing` for a whole run, `unknown-word` for one of other scenarios than the shipped ones, or what {@link run} throws.
 */
export async function resume({ file, run }: NamedRun, conditions: RunConditions = {}): Promise<RunResult> {
  const { shard, ...summary } = run.summary;
  if (!summary.missing)
    throw new LabError('usage', 'nothing-missing', `${file} holds a whole run: none of its cells is missing`);
  const former = { ...run, summary };
  const later = await runChosen(withMissing(summary.missing), {
    ...conditions,
    names: run.names,
    onTried: (tried) => {
      const setting = commonSetting([former, tried]);
      const cells = [...former.cells, ...tried.cells];
      conditions.onTried?.({ ...tried, cells, ...(setting && { setting }) });
    },
  });
  const whole = mergeRuns([
    { file, run: former },
    { file: 'the rest', run: later },
  ]);
  return { ...whole, summary: { ...whole.summary, ...(shard && { shard }) } };
}

/** The shipped scenarios with these cells alone. */
function withMissing(ids: readonly string[]): Scenario<Expectation | null>[] {
  const keys = ids.map((id) => parseCell(id, ruleSetOf(id)));
  return knownScenarios().flatMap((scenario) => {
    const known = new Map(cellsOf(scenario).map((cell) => [cellId(cell.key), cell]));
    const own = keys.filter(({ ruleSet }) => ruleSet === scenario.name);
    const cells = own.map((key) => known.get(cellId(key)) ?? { key, expected: null });
    return cells.length === 0 ? [] : [withCells<Expectation | null>(scenario, cells)];
  });
}
