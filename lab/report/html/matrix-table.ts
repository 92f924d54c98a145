import { groupBy } from '../../group-by.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { programOf } from '../../model/cell.ts';
import { called, type Names } from '../../model/names.ts';
import { allServerNames } from '../../network/topology.ts';
import { escapeMarkup } from '../svg/markup.ts';
import { columnOf, textOf } from '../text/matrix.ts';
import { cellButton, type Indexed } from './cell-button.ts';

/** A place of the matrix: a cell, or one that was planned and not tried. */
interface Entry {
  readonly ruleSet: string;
  readonly client: string;
  readonly heading: string;
  readonly mode: TransferMode;
  readonly found?: Indexed;
}

/**
 * The matrix as one table: rows per rule set, grouped by client, and columns per server and mode. Programs other than the usual one get
 * a table of their own, after that; so do columns that find no room. Each cell is a button. `missing`: ids of cells that were not tried,
 * of which those are shown whose rule set was begun.
 */
export function matrixTables(
  indexed: readonly Indexed[],
  names?: Names,
  missing: readonly string[] = [],
): string {
  return [true, false]
    .map((wanted) => indexed.filter(({ cell }) => (programOf(cell) === '') === wanted))
    .filter((some) => some.length > 0)
    .flatMap((some) =>
      tablesOf([...some.map((one) => entryOf(one, names)), ...notTried(some, missing, names)], names),
    )
    .join('\n');
}

function entryOf(found: Indexed, names: Names | undefined): Entry {
  const { ruleSet, client, mode } = found.cell;
  return { ruleSet, client, heading: columnOf(found.cell, names), mode, found };
}

function notTried(some: readonly Indexed[], missing: readonly string[], names: Names | undefined): Entry[] {
  const [first] = some;
  const begun = new Set(some.map(({ cell }) => cell.ruleSet));
  if (!first || programOf(first.cell) !== '') return [];
  return missing.flatMap((id) => {
    const [ruleSet = '', client = '', server, mode, ...program] = id.split('/');
    const known = allServerNames().find((name) => name === server);
    const way = transferModes.find((name) => name === mode);
    if (!known || !way || program.length > 0 || !begun.has(ruleSet)) return [];
    return [{ ruleSet, client, heading: columnOf({ ...first.cell, server: known }, names), mode: way }];
  });
}

/** A server (and the program, if it is not the usual one) with the modes of its cells. */
interface Column {
  readonly heading: string;
  readonly modes: readonly TransferMode[];
}

/** How many modes fit side by side on A4, and on most screens without scrolling. */
const modesAbreast = 16;

function tablesOf(own: readonly Entry[], names: Names | undefined): string[] {
  const columns = [...groupBy(own, ({ heading }) => heading)].map(([heading, some]) => ({
    heading,
    modes: transferModes.filter((mode) => some.some((one) => one.mode === mode)),
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
  return tables.map((some) => tableOf(own, some, names));
}

function tableOf(own: readonly Entry[], columns: readonly Column[], names: Names | undefined): string {
  const here = own.filter((entry) => columns.some(({ heading }) => heading === entry.heading));
  const width = columns.reduce((sum, { modes }) => sum + modes.length, 1);
  const groups = [...groupBy(here, ({ client }) => client)].map(([client, theirs]) => {
    const rows = [...groupBy(theirs, ({ ruleSet }) => ruleSet)].map(([ruleSet, row]) => {
      const byPlace = new Map(row.map((one) => [`${one.heading}/${one.mode}`, one]));
      const places = columns.flatMap(({ heading, modes }) =>
        modes.map((mode, index) => placeOf(byPlace.get(`${heading}/${mode}`), index === 0)),
      );
      return `<tr><th scope="row">${escapeMarkup(ruleSet)}</th>${places.join('')}</tr>`;
    });
    const from = called(client, names);
    return `<tbody data-client="${from}"><tr class="group"><th scope="rowgroup" colspan="${width}"><span>from ${from}</span></th></tr>
${rows.join('\n')}</tbody>`;
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
  return `<div class="wide"><table class="matrix">
<thead><tr><td></td>${heads.join('')}</tr><tr><th scope="col">rule set</th>${modeHeads.join('')}</tr></thead>
${groups.join('\n')}
</table></div>`;
}

function placeOf(entry: Entry | undefined, first: boolean): string {
  const edge = first ? ' class="first"' : '';
  if (!entry) return `<td${edge}></td>`;
  const { found, heading, mode } = entry;
  const shown = found
    ? cellButton(found, textOf(found.cell), `${heading} ${mode}`)
    : '<span class="cell missing">not tried</span>';
  return `<td${edge}>${shown}</td>`;
}
