import type { CellResult } from '../../model/cell.ts';
import type { Names } from '../../model/names.ts';
import { causeHeadings, causeRows } from '../cause-rows.ts';
import { escapeMarkup } from '../svg/markup.ts';
import { cellButton } from './cell-button.ts';

/**
 * The table of staged causes, one cell a row; '' if there are none. Each row repeats its scenario's name, since filters
 * hide rows. `indexes`: each cell's place in the run. Roles are explicit because narrow screens do not lay it out as a
 * table, and browsers then drop the implied roles.
 */
export function causeTable(
  causes: readonly CellResult[],
  indexes: ReadonlyMap<CellResult, number>,
  names: Names | undefined,
): string {
  if (causes.length === 0) return '';
  const rows = causeRows(causes, names).map(({ cell, texts: [scenario, path, reach, cause, by] }) => {
    const button = cellButton({ cell, index: indexes.get(cell) ?? 0 }, reach, path);
    const [scenarioText = '', ...others] = [scenario, path, cause, by].map(escapeMarkup);
    const [pathText, causeText, byText] = others;
    const places = [pathText, button, causeText, byText].map((text) => `<td role="cell">${text}</td>`);
    return `<tr role="row"><th role="rowheader" scope="row">${scenarioText}</th>${places.join('')}</tr>`;
  });
  return `<div class="wide"><table class="matrix causes" role="table">
<caption>Causes, each staged by a scenario of its own</caption>
<thead role="rowgroup"><tr role="row">${causeHeadings.map((heading) => `<th role="columnheader" scope="col">${heading}</th>`).join('')}</tr></thead>
<tbody role="rowgroup">${rows.join('\n')}</tbody>
</table></div>`;
}
