import { expect, it } from 'vitest';
import { parseCell } from '../../../lab/cli/options/cell.ts';
import { cellId } from '../../../lab/model/cell.ts';
import { cellsOf } from '../../../lab/model/scenario.ts';
import { scenarios } from '../../../scenarios/index.ts';

const shipped = scenarios.flatMap((scenario) =>
  cellsOf(scenario).map(({ key }) => [cellId(key), key] as const),
);

it.each(shipped)('%s is a cell, as every one that "run" prints', (id, key) => {
  expect(parseCell(id)).toEqual(key);
});
