import type { Expectation } from './cell.ts';
import type { Shard } from './result/run.ts';
import { cellsOf, type Scenario, withCells } from './scenario.ts';

export type { Shard } from './result/run.ts';

/**
 * The scenarios with only a shard's cells: a stretch of all cells, as long as every other shard's, give or take one. All
 * shards in a row are all cells in order, each once.
 */
export function shardOf<Expected extends Expectation | null>(
  scenarios: readonly Scenario<Expected>[],
  { index, count }: Shard,
): Scenario<Expected>[] {
  const sizes = scenarios.map((scenario) => cellsOf(scenario).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const start = Math.floor(((index - 1) * total) / count);
  const end = Math.floor((index * total) / count);
  let before = 0;
  return scenarios.flatMap((scenario) => {
    const cells = cellsOf(scenario);
    const own = cells.slice(Math.max(0, start - before), Math.max(0, end - before));
    before += cells.length;
    if (own.length === 0) return [];
    return own.length === cells.length ? [scenario] : [withCells(scenario, own)];
  });
}
