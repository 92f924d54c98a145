import { transferModes } from '../../ftp/attempt.ts';
import type { CellResult } from '../../verdict/cell.ts';
import { groupBy } from '../group-by.ts';
import { escapeMarkup } from '../markup.ts';
import { columnOf, textOf } from '../matrix.ts';
import { reachMeaning, reachOf } from '../reach.ts';

/**
 * The matrix as tables, one per client: a row per rule set, a column per server, program and mode. Each cell is a button that
 * carries its index in `cells`; what it came to is told in words too, for those who do not see its colour.
 */
export function matrixTables(cells: readonly CellResult[]): string {
  const indexed = cells.map((cell, index) => ({ cell, index }));
  return [...groupBy(indexed, ({ cell }) => cell.client)]
    .map(([client, own]) => tableOf(client, own))
    .join('\n');
}

interface Indexed {
  readonly cell: CellResult;
  readonly index: number;
}

function tableOf(client: string, own: readonly Indexed[]): string {
  const columns = [...groupBy(own, ({ cell }) => columnOf(cell))].map(([heading, its]) => ({
    heading,
    modes: transferModes.filter((mode) => its.some(({ cell }) => cell.mode === mode)),
  }));
  const rows = [...groupBy(own, ({ cell }) => cell.ruleSet)].map(([label, row]) => {
    const byPlace = new Map(row.map((one) => [`${columnOf(one.cell)}/${one.cell.mode}`, one]));
    const shown = columns.flatMap(({ heading, modes }) =>
      modes.map((mode, index) => placeOf(byPlace.get(`${heading}/${mode}`), index === 0)),
    );
    return `<tr><th scope="row">${escapeMarkup(label)}</th>${shown.join('')}</tr>`;
  });
  const heads = columns.map(
    ({ heading, modes }) =>
      `<th scope="colgroup" colspan="${modes.length}" class="first">${escapeMarkup(heading)}</th>`,
  );
  const modeHeads = columns.flatMap(({ heading, modes }) =>
    modes.map(
      (mode, index) =>
        `<th scope="col"${index === 0 ? ' class="first"' : ''}><span class="aloud">${escapeMarkup(heading)} </span>${mode}</th>`,
    ),
  );
  return `<div class="wide"><table class="matrix" data-client="${client}">
<caption>from ${client}</caption>
<thead><tr><td></td>${heads.join('')}</tr><tr><th scope="col">rule set</th>${modeHeads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}

function placeOf(found: Indexed | undefined, first: boolean): string {
  const edge = first ? ' class="first"' : '';
  if (!found) return `<td${edge}></td>`;
  const { cell, index } = found;
  const label = `${textOf(cell)}: ${reachMeaning[reachOf(cell)]}${cell.asExpected === false ? ', not as expected' : ''}, ${columnOf(cell)} ${cell.mode}`;
  return `<td${edge}><button type="button" class="cell ${kindOf(cell)}" data-cell="${index}" aria-label="${escapeMarkup(label)}" aria-haspopup="dialog">${escapeMarkup(textOf(cell))}</button></td>`;
}

/** What a cell looks like: what is expected is calm, what is not is loud. */
function kindOf(cell: CellResult): 'differs' | 'undecided' | 'up' | 'blocked' {
  if (cell.asExpected === false) return 'differs';
  if (reachOf(cell) === '?') return 'undecided';
  return cell.verdict.uploaded ? 'up' : 'blocked';
}
