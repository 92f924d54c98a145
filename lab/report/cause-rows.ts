import { groupBy } from '../group-by.ts';
import { type CellResult, programOf } from '../model/cell.ts';
import { serverNames } from '../network/topology.ts';
import { textOf } from './text/matrix.ts';

/** What the columns of a table of causes hold. */
export const causeHeadings = ['scenario', 'who to whom', 'how far', 'cause', 'refused by'] as const;

/** A cell of a scenario that stages a cause, and its text in each column; '' where nobody refused anything. */
export interface CauseRow {
  readonly cell: CellResult;
  readonly texts: readonly [scenario: string, path: string, reach: string, cause: string, by: string];
}

/** What scenarios that stage causes came to, a cell a row, the cells of a scenario one after another. */
export function causeRows(cells: readonly CellResult[]): CauseRow[] {
  return [...groupBy(cells, (cell) => cell.ruleSet).values()].flat().map((cell) => {
    const { cause, firewall, rule } = cell.verdict;
    const often = cell.attempts && `${cell.attempts.uploaded} of ${cell.attempts.made} up`;
    const path = [`${cell.client} > ${cell.server}`, cell.mode, programOf(cell)].filter(Boolean).join(', ');
    const by = firewall === null ? '' : `${firewall}: ${rule}`;
    return { cell, texts: [cell.ruleSet, path, often ?? textOf(cell), cause, by] };
  });
}

/**
 * Cells by what they are for: those of scenarios that stage causes, who have hardly a server in common, are no matrix, nor
 * is what a control comes to at servers that only these scenarios have, which follows them. `staged`: the names of their
 * rule sets.
 */
export function byPurpose(
  cells: readonly CellResult[],
  staged: ReadonlySet<string>,
): { readonly asked: CellResult[]; readonly causes: CellResult[] } {
  const usual: readonly string[] = serverNames;
  const others = cells.filter(({ ruleSet }) => !staged.has(ruleSet));
  const isAsked = ({ server }: CellResult) => staged.size === 0 || usual.includes(server);
  return {
    asked: others.filter(isAsked),
    causes: [
      ...cells.filter(({ ruleSet }) => staged.has(ruleSet)),
      ...others.filter((cell) => !isAsked(cell)),
    ],
  };
}
