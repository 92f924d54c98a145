import type { CellResult } from '../../model/cell.ts';
import { byPurpose } from '../cause-rows.ts';
import { reachOf } from '../reach.ts';
import { answers } from './answers.ts';
import { causeTable } from './cause-table.ts';
import { differingCells } from './differing-cells.ts';
import { legend, matrix } from './matrix.ts';
import type { Style } from './style.ts';

/** What is known about a run's rule sets, by name. */
export interface RuleSetFacts {
  readonly questions: ReadonlyMap<string, string>;
  /** The rule sets of scenarios that stage a cause. */
  readonly staged: ReadonlySet<string>;
}

/**
 * The results as paragraphs: the answers and the matrix; the table of staged causes, which hardly share a server; and the
 * cells that differ from what was expected.
 */
export function results(
  cells: readonly CellResult[],
  { questions, staged }: RuleSetFacts,
  style: Style,
): string[] {
  const { asked, causes } = byPurpose(cells, staged);
  const explained = new Set(asked.map(reachOf));
  const unexplained = causes.filter((cell) => !explained.has(reachOf(cell)));
  return [
    answers(asked, questions, style),
    matrix(asked, style),
    causeTable(causes, style),
    legend(unexplained, style),
    differingCells(cells, style),
  ].filter((text) => text !== '');
}
