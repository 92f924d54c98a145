import { groupBy } from '../group-by.ts';
import { type CellResult, programOf } from '../model/cell.ts';
import { called, firewallCalled, type Names } from '../model/names.ts';
import { serverNames } from '../network/topology.ts';
import { textOf } from './text/matrix.ts';

/** The column headings of the table of causes. */
export const causeHeadings = ['scenario', 'from > to', 'result', 'cause', 'refused by'] as const;

/** A cell of a scenario that stages a cause, and its text in each column; '' if nothing was refused. */
export interface CauseRow {
  readonly cell: CellResult;
  readonly texts: readonly [scenario: string, path: string, reach: string, cause: string, by: string];
}

/** The rows of the table of causes: one per cell, the cells of one scenario together. */
export function causeRows(cells: readonly CellResult[], names?: Names): CauseRow[] {
  return [...groupBy(cells, (cell) => cell.ruleSet).values()].flat().map((cell) => {
    const { cause, firewall, rule } = cell.verdict;
    const often = cell.attempts && `${cell.attempts.uploaded} of ${cell.attempts.made} up`;
    const ends = `${called(cell.client, names)} > ${called(cell.server, names)}`;
    const path = [ends, cell.mode, programOf(cell)].filter(Boolean).join(', ');
    const by = firewall === null ? '' : `${firewallCalled(firewall, names)}: ${rule}`;
    return { cell, texts: [cell.ruleSet, path, often ?? textOf(cell), cause, by] };
  });
}

/**
 * Splits cells by purpose. `causes`: cells of scenarios that stage a cause. These scenarios hardly share a server, so a
 * matrix of them would be almost empty; a table shows them. The controls at servers that only these scenarios have
 * follow them. `asked`: all other cells. `staged`: the rule sets' names of the scenarios that stage a cause.
 */
export function byPurpose(
  cells: readonly CellResult[],
  staged: ReadonlySet<string>,
): { readonly asked: CellResult[]; readonly causes: CellResult[] } {
  const usual: readonly string[] = serverNames();
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
