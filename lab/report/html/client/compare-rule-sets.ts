import { programOf } from '../../../model/cell.ts';
import { called, idCalled, type Names } from '../../../model/names.ts';
import { noRules } from '../../../model/rule-set.ts';
import { firewallNames } from '../../../network/topology.ts';
import { linesOf } from '../../svg/exposure-bars.ts';
import type { PageCell, PageData } from '../page-data.ts';
import { byId, choice, element } from './dom.ts';
import { ruleLines, ruleList } from './rule-list.ts';

/** Shows two rule sets side by side: which uploads differ, and which rules. Hidden if there is only one rule set. */
export function addComparison(data: PageData, open: (index: number) => void): void {
  const { cells, setting, exposures, names: callings } = data;
  const names = [...new Set(cells.map(({ ruleSet }) => ruleSet))];
  if (names.length < 2) return;
  const section = byId('compare');
  const result = element('div', { role: 'status' });
  const options = names.map((name) => [name, name] as const);
  const draw = () => {
    const pair = [left.select.value, right.select.value] as const;
    result.replaceChildren(
      ...differences(data, pair, open),
      ...exposure(exposures, pair, callings),
      ...rules(setting, pair, callings),
    );
  };
  const left = choice('rule set', options, draw);
  const right = choice('compared with', options, draw);
  left.select.value = names.includes('as-reported') ? 'as-reported' : (names[0] ?? '');
  right.select.value = names.includes('ftp-filter') ? 'ftp-filter' : (names[1] ?? '');
  section.append(element('div', { class: 'controls' }, left.field, right.field), result);
  section.hidden = false;
  draw();
}

type Pair = readonly [string, string];

/** The same upload under both rule sets; indexes are places in the page's cells. */
interface Compared {
  readonly cell: PageCell;
  readonly index: number;
  readonly there: PageCell;
  readonly other: number;
}

function differences({ cells, names }: PageData, pair: Pair, open: (index: number) => void): HTMLElement[] {
  const wayIn = (cell: PageCell) => wayOf(cell, names);
  const both = compared(cells, pair);
  const summary = element('p', {}, sentence(both, pair));
  if (both.length === 0) return [summary];
  const modes = [...new Set(both.map(({ cell }) => cell.mode))];
  const ways = [...new Set(both.map(({ cell }) => wayIn(cell)))];
  const button = (index: number, cell: PageCell) => {
    const made = element(
      'button',
      {
        type: 'button',
        class: `cell ${cell.verdict.uploaded ? 'up' : 'blocked'}`,
        'aria-haspopup': 'dialog',
        'aria-label': `${cell.reach}: ${idCalled(cell.id, names)}`,
      },
      cell.reach,
    );
    made.addEventListener('click', () => open(index));
    return made;
  };
  const placeOf = (way: string, mode: string) => {
    const found = both.find(({ cell }) => wayIn(cell) === way && cell.mode === mode);
    if (!found) return element('td');
    const { cell, index, there, other } = found;
    return cell.reach === there.reach
      ? element('td', { class: 'pair same' }, button(index, cell), ' same')
      : element('td', { class: 'pair' }, button(index, cell), ' \u2192 ', button(other, there));
  };
  const heads = ['upload', ...modes].map((text) => element('th', { scope: 'col' }, text));
  const rows = ways.map((way) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, way),
      modes.map((mode) => placeOf(way, mode)),
    ),
  );
  const table = element(
    'table',
    { class: 'plain' },
    element('thead', {}, element('tr', {}, heads)),
    element('tbody', {}, rows),
  );
  return [summary, element('div', { class: 'scroll' }, table)];
}

function compared(cells: readonly PageCell[], [a, b]: Pair): Compared[] {
  const pathOf = ({ id, ruleSet }: PageCell) => id.slice(ruleSet.length + 1);
  const second = new Map<string, number>();
  for (const [index, cell] of cells.entries()) if (cell.ruleSet === b) second.set(pathOf(cell), index);
  return cells.flatMap((cell, index) => {
    const other = cell.ruleSet === a ? second.get(pathOf(cell)) : undefined;
    const there = other === undefined ? undefined : cells[other];
    return other === undefined || !there ? [] : [{ cell, index, there, other }];
  });
}

function sentence(both: readonly Compared[], [a, b]: Pair): string {
  if (both.length === 0) return 'No upload was tried under both.';
  const count = (holds: (pair: Compared) => boolean) => both.filter(holds).length;
  const same = count(({ cell, there }) => cell.reach === there.reach);
  const gained = count(({ cell, there }) => !cell.verdict.uploaded && there.verdict.uploaded);
  const lost = count(({ cell, there }) => cell.verdict.uploaded && !there.verdict.uploaded);
  return [
    `Of ${both.length} uploads tried under both, ${gained} work only under ${b}, ${lost} only under ${a};`,
    `${both.length - same - gained - lost} fail differently, ${same} come to the same.`,
  ].join(' ');
}

function wayOf(cell: PageCell, names: Names): string {
  const program = programOf(cell);
  return `${called(cell.client, names)} to ${called(cell.server, names)}${program === '' ? '' : ` (${program})`}`;
}

/** What each of the two rule sets exposes, if both were measured. */
function exposure(exposures: PageData['exposures'], pair: Pair, names: Names): HTMLElement[] {
  const both = pair.map((name) => exposures.find(({ ruleSet }) => ruleSet === name));
  const measured = both.filter((one) => one !== undefined);
  if (measured.length < both.length) return [];
  const lines = element('div');
  lines.innerHTML = linesOf(measured, names);
  return [element('h3', {}, 'What else gets through'), lines];
}

/** Both rule sets' lines per firewall; a line that only one of them has is marked. */
function rules(setting: PageData['setting'], pair: Pair, names: Names): HTMLElement[] {
  const [a, b] = pair.map((name) => setting?.ruleSets.find((each) => each.name === name));
  const [before, after] = [a?.firewalls, b?.firewalls];
  if (!a || !b || !before || !after) return [];
  return firewallNames().map((firewall) => {
    const [left, right] = [before[firewall] ?? noRules, after[firewall] ?? noRules];
    const only = (theirs: readonly string[]) => (line: string) =>
      line.startsWith('#') || theirs.includes(line) ? null : 'Only here';
    return element(
      'details',
      {},
      element('summary', {}, `What ${called(firewall, names)} had loaded`),
      element(
        'div',
        { class: 'two' },
        [
          { name: a.name, own: left, theirs: ruleLines(right) },
          { name: b.name, own: right, theirs: ruleLines(left) },
        ].map(({ name, own, theirs }) =>
          element('div', {}, element('h3', {}, name), ruleList(own, only(theirs), 'only')),
        ),
      ),
    );
  });
}
