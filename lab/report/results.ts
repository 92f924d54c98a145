import type { CellResult } from '../verdict/cell.ts';
import { answers } from './answers.ts';
import { causeTable } from './cause-table.ts';
import { differingCells } from './differing-cells.ts';
import { matrix } from './matrix.ts';
import type { Style } from './style.ts';

/** What is known of a run's rule sets, by name. */
export interface RuleSetFacts {
  readonly questions: ReadonlyMap<string, string>;
  /** Those of scenarios that stage a cause. */
  readonly staged: ReadonlySet<string>;
}

/**
 * What the cells came to, as paragraphs: the answers and the matrix; a table of those that stage causes, who have hardly a
 * server in common; and what differs from what was expected.
 */
export function results(
  cells: readonly CellResult[],
  { questions, staged }: RuleSetFacts,
  style: Style,
): string[] {
  const isStaged = (cell: CellResult) => staged.has(cell.ruleSet);
  const others = cells.filter((cell) => !isStaged(cell));
  return [
    answers(others, questions, style),
    matrix(others, style),
    causeTable(cells.filter(isStaged), style),
    differingCells(cells, style),
  ].filter((text) => text !== '');
}
