import { groupBy } from '../../group-by.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { programOf } from '../../model/cell.ts';
import { called, type Names } from '../../model/names.ts';
import { escapeMarkup } from '../svg/markup.ts';
import { columnOf, textOf } from '../text/matrix.ts';
import { cellButton, type Indexed } from './cell-button.ts';

/**
 * The matrix as tables: one per client, with a row per rule set and columns per server and mode. Programs other than
 * the usual one get tables of their own, after those. Each cell is a button.
 */
export function matrixTables(indexed: readonly Indexed[], names?: Names): string {
  const [usual, others] = [true, false].map((wanted) =>
    indexed.filter(({ cell }) => (programOf(cell) === '') === wanted),
  );
  return [usual, others]
    .flatMap((some) => [...groupBy(some ?? [], ({ cell }) => cell.client)])
    .flatMap(([client, own]) => tablesOf(called(client, names), own, names))
    .join('\n');
}

/** A server (and the program, if it is not the usual one) with the modes of its cells. */
interface Column {
  readonly heading: string;
  readonly modes: readonly TransferMode[];
}

/** How many modes fit side by side on A4, and on most screens without scrolling. */
const modesAbreast = 16;

function tablesOf(client: string, own: readonly Indexed[], names: Names | undefined): string[] {
  const columns = [...groupBy(own, ({ cell }) => columnOf(cell, names))].map(([heading, some]) => ({
    heading,
    modes: transferModes.filter((mode) => some.some(({ cell }) => cell.mode === mode)),
  }));
  const tables: Column[][] = [];
  let room = 0;
  for (const column of columns) {
    room -= column.modes.length;
    if (room < 0) {
      tables.push([]);
      room = modesAbreast - column.modes.length;
    }
    tables.at(-1)?.push(column);
  }
  return tables.map((some) => tableOf(client, own, some, names));
}

function tableOf(
  client: string,
  own: readonly Indexed[],
  columns: readonly Column[],
  names: Names | undefined,
): string {
  const here = own.filter(({ cell }) => columns.some(({ heading }) => heading === columnOf(cell, names)));
  const rows = [...groupBy(here, ({ cell }) => cell.ruleSet)].map(([ruleSet, row]) => {
    const byPlace = new Map(row.map((one) => [`${columnOf(one.cell, names)}/${one.cell.mode}`, one]));
    const places = columns.flatMap(({ heading, modes }) =>
      modes.map((mode, index) => placeOf(byPlace.get(`${heading}/${mode}`), index === 0, names)),
    );
    return `<tr><th scope="row">${escapeMarkup(ruleSet)}</th>${places.join('')}</tr>`;
  });
  const heads = columns.map(
    ({ heading, modes }) => `<th scope="colgroup" colspan="${modes.length}" class="first">${heading}</th>`,
  );
  const modeHeads = columns.flatMap(({ heading, modes }) =>
    modes.map(
      (mode, index) =>
        `<th scope="col"${index === 0 ? ' class="first"' : ''}><span class="aloud">${heading}, </span>${mode}</th>`,
    ),
  );
  return `<div class="wide"><table class="matrix" data-client="${client}">
<caption>from ${client}</caption>
<thead><tr><td></td>${heads.join('')}</tr><tr><th scope="col">rule set</th>${modeHeads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}

function placeOf(found: Indexed | undefined, first: boolean, names: Names | undefined): string {
  const edge = first ? ' class="first"' : '';
  if (!found) return `<td${edge}></td>`;
  const { cell } = found;
  return `<td${edge}>${cellButton(found, textOf(cell), `${columnOf(cell, names)} ${cell.mode}`)}</td>`;
}
