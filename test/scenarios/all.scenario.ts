/** Every shipped scenario as tests, a cell each: the same code as `ftplab run`, reported by vitest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CellResult,
  cellsOf,
  differences,
  type Lab,
  runControls,
  runScenario,
  scenarios,
  startLab,
} from '../../lab/index.ts';
import { cellId } from '../../lab/verdict/cell.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ name: 'scenarios' });
  const attempts = scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key));
  const invalid = await runControls(lab, attempts);
  if (invalid) throw new Error(invalid);
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  const results = new Map<string, CellResult>();
  beforeAll(async () => {
    for (const cell of await runScenario(lab, scenario)) results.set(cell.id, cell);
  });

  it.each(cellsOf(scenario).map(({ key, expected }) => [cellId(key), expected] as const))(
    '%s',
    (id, expected) => {
      const cell = results.get(id);
      if (!cell) throw new Error('The cell was not attempted');
      expect(differences(expected, cell.verdict, cell.steps), cell.verdict.sentence).toEqual([]);
    },
  );
});
