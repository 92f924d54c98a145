import { expect, it } from 'vitest';
import { cellsOf } from '../../lab/model/scenario.ts';
import { spread } from '../../lab/trial/spread.ts';
import { scenarios } from '../../scenarios/index.ts';

const cells = (part: typeof scenarios) => part.reduce((sum, scenario) => sum + cellsOf(scenario).length, 0);

it.each([1, 2, 3, 7])('spreads all scenarios over %i labs, each once and whole, in their order', (labs) => {
  const parts = spread(scenarios, labs);
  expect(parts).toHaveLength(labs);
  const order = scenarios.map(({ name }) => name);
  expect(parts.flatMap((part) => part.map(({ name }) => name)).sort()).toEqual([...order].sort());
  for (const part of parts) {
    const places = part.map(({ name }) => order.indexOf(name));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
  const longest = Math.max(...scenarios.map((scenario) => cellsOf(scenario).length));
  const sizes = parts.map(cells);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(longest);
});

it('leaves out labs for which there is nothing', () => {
  expect(spread(scenarios.slice(0, 2), 5)).toHaveLength(2);
});
