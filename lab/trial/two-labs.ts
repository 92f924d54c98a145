import { availableParallelism } from 'node:os';
import { isPassing } from '../engine/passing.ts';
import { LabError } from '../errors.ts';
import type { Expectation } from '../model/cell.ts';
import { cellsOf, type Scenario } from '../model/scenario.ts';
import { inLab } from './in-lab.ts';
import type { Lab } from './lab.ts';
import { type RunOptions, runScenarios, type ScenarioResults } from './run-scenarios.ts';
import type { LabOptions } from './start-lab.ts';

/** For fewer cells a second lab takes longer to start than it saves. */
const fewestCells = 100;

/**
 * Runs scenarios as {@link runScenarios} does, but in two labs side by side if that is worth it and a lab is no more than some
 * processes that go with this one. The second lab has the scenarios that stage a cause: in these, clients mostly wait, and
 * meanwhile the other lab's compute. Each lab has controls of its own.
 */
export async function runInLabs(
  lab: Lab,
  scenarios: readonly Scenario<Expectation | null>[],
  optionsIn: (lab: Lab) => RunOptions,
  conditions: LabOptions,
): Promise<ScenarioResults> {
  const staging = scenarios.filter(({ stages }) => stages !== undefined);
  const others = scenarios.filter(({ stages }) => stages === undefined);
  const cells = scenarios.flatMap((scenario) => cellsOf(scenario)).length;
  const worthIt = cells >= fewestCells && staging.length > 0 && others.length > 0;
  if (!worthIt || !mayHaveAnother(lab)) return runScenarios(lab, scenarios, optionsIn(lab));
  const ofOthers = runScenarios(lab, others, optionsIn(lab));
  const ofStaging = inAnother(lab, conditions, (second) => runScenarios(second, staging, optionsIn(second)));
  const inSecond = ofStaging.then(async (results) => {
    if (results) return results;
    await ofOthers;
    return runScenarios(lab, staging, optionsIn(lab));
  });
  const shares = [ofOthers, inSecond];
  // If one throws, waits for the other one too: both labs are to be left.
  await Promise.allSettled(shares);
  const results = await Promise.all(shares);
  const all = results.flatMap((result) => result.cells);
  return {
    cells: scenarios.flatMap(({ name }) => all.filter(({ ruleSet }) => ruleSet === name)),
    void: results.map((result) => result.void).find((reason) => reason !== null) ?? null,
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

function mayHaveAnother({ name, engine }: Lab): boolean {
  return engine.name === 'namespaces' && isPassing(name) && availableParallelism() > 1;
}

/** Does the work in another lab like this one; `undefined` if that does not start. */
async function inAnother<Result>(
  { name }: Lab,
  conditions: LabOptions,
  work: (lab: Lab) => Promise<Result>,
): Promise<Result | undefined> {
  let isUp = false;
  const onUp = () => {
    isUp = true;
  };
  const another = { name: `${name}-beside`, kind: 'namespaces', progress: () => undefined, onUp } as const;
  try {
    return (await inLab({ ...conditions, ...another }, work)).result;
  } catch (error) {
    if (!isUp && error instanceof LabError) return undefined;
    throw error;
  }
}
