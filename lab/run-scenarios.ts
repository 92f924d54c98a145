import pLimit from 'p-limit';
import type { Attempt, Lab } from './lab.ts';
import type { CellResult, Expectation } from './verdict/cell.ts';
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
  options: RunOptions = {},
): Promise<ScenarioResults> {
  const byName = new Map<string, CellResult[]>();
  let failedControl: string | null = null;
  for (const scenario of [...scenarios].sort((a, b) => Number(!a.control) - Number(!b.control))) {
    options.signal?.throwIfAborted();
    await lab.load(scenario.ruleSet);
    const check = (cell: CellResult) => checkedByControl(scenario, cell);
    const results = await attemptAll(lab, cellsOf(scenario), options, check);
    byName.set(scenario.name, results);
    if (scenario.control) failedControl ??= controlFailure(scenario, results);
  }
  return { cells: scenarios.flatMap(({ name }) => byName.get(name) ?? []), void: failedControl };
}

/** What to attempt, and what to expect of it, if anything. */
export interface WantedCell {
  readonly key: Attempt;
  readonly expected?: Expectation;
}

/** Makes attempts under the rules in force, several at a time; results in the order of `cells`, each first put to `check`. */
export function attemptAll(
  lab: Lab,
  cells: readonly WantedCell[],
  { onCell, signal }: RunOptions = {},
  check: (cell: CellResult) => CellResult = (cell) => cell,
): Promise<CellResult[]> {
  const limit = pLimit(parallelCells);
  return Promise.all(
    cells.map(({ key, expected }) =>
      limit(async () => {
        signal?.throwIfAborted();
        const cell = check(await lab.attempt(key, expected));
        onCell?.(cell);
        return cell;
      }),
    ),
  );
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
