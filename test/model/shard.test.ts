import { describe, expect, it } from 'vitest';
import { cellId } from '../../lab/model/cell.ts';
import { cellsOf, type Scenario } from '../../lab/model/scenario.ts';
import { shardOf } from '../../lab/model/shard.ts';
import { scenarios } from '../../scenarios/index.ts';

const ids = (some: readonly Scenario[]) =>
  some.flatMap((each) => cellsOf(each).map(({ key }) => cellId(key)));

describe('shards', () => {
  it.each([1, 2, 3, 7, 100, 1000])('of %i one after another are the whole, each about as long', (count) => {
    const shards = Array.from({ length: count }, (_, index) =>
      ids(shardOf(scenarios, { index: index + 1, count })),
    );
    expect(shards.flat()).toEqual(ids(scenarios));
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('keep what is expected of each cell', () => {
    const whole = new Map(scenarios.flatMap(cellsOf).map(({ key, expected }) => [cellId(key), expected]));
    for (const { key, expected } of shardOf(scenarios, { index: 2, count: 3 }).flatMap(cellsOf))
      expect(expected).toEqual(whole.get(cellId(key)));
  });
});
