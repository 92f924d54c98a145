import { programOf } from '../../../model/cell.ts';
import { called, type Names } from '../../../model/names.ts';
import type { PageCell, PageData } from '../page-data.ts';
import { byId, choice, element } from './dom.ts';

interface Filter {
  readonly label: string;
  /** The values by which a cell can be chosen; several if several hold at once. */
  readonly valuesOf: (cell: PageCell, names: Names) => readonly string[];
}

const filters: readonly Filter[] = [
  { label: 'rule set', valuesOf: ({ ruleSet }) => [ruleSet] },
  { label: 'client', valuesOf: ({ client }, names) => [called(client, names)] },
  { label: 'server', valuesOf: ({ server }, names) => [called(server, names)] },
  { label: 'mode', valuesOf: ({ mode }) => [mode] },
  { label: 'program', valuesOf: (cell) => [programOf(cell) || 'the usual one'] },
  { label: 'cause', valuesOf: ({ verdict }) => [verdict.cause] },
  {
    label: 'verdict',
    valuesOf: ({ verdict, asExpected }) => [
      verdict.cause === 'inconclusive' ? 'inconclusive' : verdict.uploaded ? 'uploaded' : 'blocked',
      ...(asExpected === false ? ['not as expected'] : []),
    ],
  },
];

/**
 * Fills the filter form with one filter for each property in which the cells differ. `changed` is called with the
 * indexes of the wanted cells whenever they change.
 */
export function addFilters(
  { cells, names }: Pick<PageData, 'cells' | 'names'>,
  changed: (wanted: ReadonlySet<number>) => void,
): void {
  const form = byId<HTMLFormElement>('filters');
  const chosen = new Map<Filter, string>();
  const apply = () => {
    const wanted = new Set(
      cells.flatMap((cell, index) =>
        [...chosen].every(([{ valuesOf }, value]) => value === '' || valuesOf(cell, names).includes(value))
          ? [index]
          : [],
      ),
    );
    byId('count').textContent = wanted.size === cells.length ? '' : `${wanted.size} of ${cells.length} cells`;
    changed(wanted);
  };
  for (const filter of filters) {
    const values = [...new Set(cells.flatMap((cell) => filter.valuesOf(cell, names)))];
    if (values.length < 2) continue;
    const options = [['', 'all'] as const, ...values.map((value) => [value, value] as const)];
    const { field } = choice(filter.label, options, (value) => {
      chosen.set(filter, value);
      apply();
    });
    form.append(field);
  }
  if (form.children.length === 0) return;
  form.append(element('button', { type: 'reset' }, 'Show all'));
  form.addEventListener('reset', () => {
    chosen.clear();
    apply();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
}
