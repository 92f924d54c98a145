import type { Expectation } from '../model/cell.ts';
import { cellsOf, type Scenario } from '../model/scenario.ts';

/**
 * Scenarios spread over so many labs, each whole and about as many cells a lab; in each lab in their order. There are
 * fewer parts where there are fewer scenarios.
 */
export function spread<Expected extends Expectation | null>(
  scenarios: readonly Scenario<Expected>[],
  labs: number,
): Scenario<Expected>[][] {
  const parts = Array.from({ length: Math.min(labs, scenarios.length) }, () => ({
    cells: 0,
    names: new Set<string>(),
  }));
  const sized = scenarios.map((scenario) => ({ name: scenario.name, cells: cellsOf(scenario).length }));
  for (const { name, cells } of sized.sort((a, b) => b.cells - a.cells)) {
    const least = parts.reduce((best, part) => (part.cells < best.cells ? part : best));
    least.cells += cells;
    least.names.add(name);
  }
  return parts.map(({ names }) => scenarios.filter(({ name }) => names.has(name)));
}
