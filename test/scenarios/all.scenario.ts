/** Every shipped scenario as tests, one per cell: the same code as `ftplab run`, reported by vitest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CellResult,
  cellsOf,
  differences,
  type Lab,
  LabError,
  runControls,
  runScenario,
  scenarios,
  startLab,
} from '../../lab/index.ts';
import { cellId } from '../../lab/model/cell.ts';
import { causeSections, seenTexts } from '../docs/cause-sections.ts';
import { confusionTable } from './confusion-table.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ name: 'scenarios' });
  const attempts = scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key));
  const invalid = await runControls(lab, attempts);
  if (invalid) throw new Error(invalid);
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** The staged cause, and the cause that the lab found. */
const staged: CellResult[] = [];
afterAll(() => console.log(confusionTable(staged)));

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  const results = new Map<string, CellResult>();
  let cannot: string | undefined;
  beforeAll(async () => {
    const cells = await runScenario(lab, scenario).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.code !== 'rule-set-does-not-load') throw error;
      cannot = error.message;
      return [];
    });
    for (const cell of cells) results.set(cell.id, cell);
    staged.push(...cells);
  });

  it.for(cellsOf(scenario).map(({ key, expected }) => [cellId(key), expected] as const))(
    '%s',
    ([id, expected], { skip }) => {
      skip(cannot !== undefined, cannot);
      const cell = results.get(id);
      if (!cell) throw new Error('The cell was not attempted');
      expect(differences(expected, cell.verdict, cell.steps), cell.verdict.sentence).toEqual([]);
    },
  );
});

describe('the confusion table', () => {
  it('has numbers only on its diagonal', () => {
    const beside = staged.filter(({ verdict, expected }) => verdict.cause !== expected?.cause);
    expect(beside.map(({ id }) => id)).toEqual([]);
  });
});

describe('docs/causes.md', () => {
  const seen = [...causeSections()].flatMap(([cause, section]) =>
    seenTexts(section).map((text) => [cause, text] as const),
  );
  it.each(seen)('%s gets the verdict "%s"', (cause, text) => {
    const replies = staged
      .filter(({ verdict }) => verdict.cause === cause)
      .flatMap(({ steps }) => steps.map(({ reply }) => reply));
    expect(replies.filter((reply) => reply.includes(text))).not.toHaveLength(0);
  });
});
