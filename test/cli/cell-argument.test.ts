import { expect, it } from 'vitest';
import { parseCell } from '../../lab/cli/cell-argument.ts';
import { cellId } from '../../lab/verdict/cell.ts';
import { cellsOf } from '../../lab/verdict/scenario.ts';
import { scenarios } from '../../scenarios/index.ts';

const shipped = scenarios.flatMap((scenario) =>
  cellsOf(scenario).map(({ key }) => [cellId(key), key] as const),
);

it.each(shipped)('%s is a cell, as every one that "run" prints', (id, key) => {
  expect(parseCell(id)).toEqual(key);
});
