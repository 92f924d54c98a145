import pLimit from 'p-limit';
import type { Lab } from './lab.ts';
import type { CellResult } from './verdict/cell.ts';
import { cellsOf, type Scenario } from './verdict/scenario.ts';

export interface RunOptions {
  readonly onCell?: (cell: CellResult) => void;
  readonly signal?: AbortSignal;
}

/** Results of a run, in the order of the scenarios and their cells. */
export interface ScenarioResults {
  readonly cells: readonly CellResult[];
  /** Why no verdict of this run counts, or `null`. */
  readonly void: string | null;
}

/** Cells attempted at the same time. More than the cores' number gains little: most of a cell is computing. */
const parallelCells = 4;

/** Runs scenarios one after another, controls first, the cells of each in parallel. Throws LabError, or the abort reason. */
export async function runScenarios(
  lab: Lab,
  scenarios: readonly Scenario[],
  { onCell, signal }: RunOptions = {},
): Promise<ScenarioResults> {
  const byName = new Map<string, CellResult[]>();
  const limit = pLimit(parallelCells);
  let failedControl: string | null = null;
  for (const scenario of [...scenarios].sort((a, b) => Number(!a.control) - Number(!b.control))) {
    signal?.throwIfAborted();
    await lab.load(scenario.ruleSet);
    const results = await Promise.all(
      cellsOf(scenario).map(({ key, expected }) =>
        limit(async () => {
          signal?.throwIfAborted();
          const cell = checkedByControl(scenario, await lab.attempt(key, expected));
          onCell?.(cell);
          return cell;
        }),
      ),
    );
    byName.set(scenario.name, results);
    if (scenario.control) failedControl ??= controlFailure(scenario, results);
  }
  return { cells: scenarios.flatMap(({ name }) => byName.get(name) ?? []), void: failedControl };
}

/** Under a closed control whatever gets through has gone around the firewalls. */
function checkedByControl(scenario: Scenario, cell: CellResult): CellResult {
  const passed = cell.steps.some((step) => step.outcome === 'ok');
  if (scenario.control !== 'closed' || !passed) return cell;
  const sentence = `${cell.client} reached ${cell.server} although every rule denies it: traffic goes around the firewalls.`;
  return { ...cell, asExpected: false, verdict: { ...cell.verdict, cause: 'lab-bypassed', sentence } };
}

function controlFailure(scenario: Scenario, results: readonly CellResult[]): string | null {
  const failed = results.find((cell) => cell.asExpected !== true);
  if (!failed) return null;
  return `the control ${scenario.name} failed (${failed.id}: ${failed.verdict.sentence}), so no verdict of this run counts`;
}
