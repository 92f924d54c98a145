import { firewallsBetween } from '../../../network/topology.ts';
import type { PageCell, PageData } from '../data.ts';
import { byId, element } from './dom.ts';
import { ruleList } from './rules.ts';

/** The dialog with all that is known of one cell. Its address is the cell's id, so that it can be linked to. */
export class Detail {
  readonly #dialog = byId<HTMLDialogElement>('detail');
  readonly #data: PageData;
  #wanted: readonly number[];
  #shown = -1;

  /** `closed` is told which cell was shown last. */
  constructor(data: PageData, closed: (index: number) => void) {
    this.#data = data;
    this.#wanted = data.cells.map((_cell, index) => index);
    this.#dialog.addEventListener('close', () => {
      history.replaceState(null, '', location.pathname + location.search);
      closed(this.#shown);
    });
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close(); // the backdrop
    });
    addEventListener('hashchange', () => this.openLinked());
  }

  /** Which cells the buttons for next and previous walk through. */
  walk(wanted: ReadonlySet<number>): void {
    this.#wanted = [...wanted];
  }

  /** Opens the cell that the page's address names, if any. */
  openLinked(): void {
    const id = decodeURIComponent(location.hash.slice(1));
    const index = this.#data.cells.findIndex((cell) => cell.id === id);
    if (index >= 0) this.open(index);
  }

  open(index: number): void {
    const cell = this.#data.cells[index];
    if (!cell) return;
    this.#shown = index;
    history.replaceState(null, '', `#${encodeURIComponent(cell.id)}`);
    this.#dialog.replaceChildren(this.#bar(cell), ...this.#sections(cell));
    this.#dialog.scrollTop = 0;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #bar(cell: PageCell): HTMLElement {
    const place = this.#wanted.indexOf(this.#shown);
    const step = (label: string, by: number) => {
      const next = this.#wanted[place + by];
      const button = element('button', { type: 'button' }, label);
      button.disabled = next === undefined;
      button.addEventListener('click', () => next !== undefined && this.open(next));
      return button;
    };
    const close = element('button', { type: 'button', autofocus: '' }, 'Close');
    close.addEventListener('click', () => this.#dialog.close());
    return element(
      'div',
      { class: 'bar' },
      element('h2', { id: 'detail-title' }, cell.id),
      element('div', {}, step('Previous', -1), step('Next', 1), close),
    );
  }

  #sections(cell: PageCell): (HTMLElement | '')[] {
    return [verdictOf(cell), stepsOf(cell), ...this.#rules(cell)];
  }

  #rules({ ruleSet, client, server, verdict, chain }: PageCell): HTMLElement[] {
    const rules = this.#data.setting?.ruleSets.find(({ name }) => name === ruleSet);
    if (!rules) return [];
    return firewallsBetween(client, server).map((firewall) =>
      element(
        'section',
        {},
        element('h3', {}, `What ${firewall} had loaded`),
        ruleList(
          rules.firewalls[firewall],
          (line) =>
            firewall === verdict.firewall && isNamed(line, verdict.rule, chain) ? 'The deciding rule' : null,
          'decided',
        ),
      ),
    );
  }
}

function verdictOf(cell: PageCell): HTMLElement {
  const { verdict, expected, asExpected } = cell;
  const facts: [string, string][] = [
    ['result', `${cell.reach}: ${cell.meaning}`],
    ['cause', verdict.cause],
  ];
  if (verdict.firewall !== null) facts.push(['firewall', verdict.firewall]);
  if (verdict.rule !== null) facts.push(['rule', verdict.rule]);
  if (verdict.packet !== null)
    facts.push(['packet', `${verdict.packet.source} -> ${verdict.packet.destination}`]);
  if (expected !== null)
    facts.push([
      'expected',
      `${expected.uploaded ? 'upload' : expected.cause}${asExpected ? ', as it came' : ''}`,
    ]);
  return element(
    'section',
    {},
    element('p', { class: asExpected === false ? 'sentence loud' : 'sentence' }, verdict.sentence),
    element(
      'table',
      { class: 'plain' },
      facts.map(([name, value]) =>
        element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
      ),
    ),
  );
}

function stepsOf({ steps }: PageCell): HTMLElement {
  return element(
    'section',
    {},
    element('h3', {}, 'Steps'),
    element(
      'table',
      { class: 'plain' },
      steps.map(({ name, outcome, reply, ms }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          element('td', { class: 'short' }, outcome),
          element('td', { class: 'mono' }, reply),
          element('td', { class: 'short' }, outcome === 'skipped' ? '' : `${ms.toFixed(1)} ms`),
        ),
      ),
    ),
  );
}

/**
 * Whether a line of rules is the one of that name: its comment, or, for rules without one, its text. Of equal names in both
 * built-in chains, the one in the packet's own.
 */
function isNamed(line: string, rule: string | null, chain: PageCell['chain']): boolean {
  const other = chain === 'INPUT' ? 'FORWARD' : 'INPUT';
  if (rule === null || line.startsWith(`-A ${other} `)) return false;
  const [, comment] = /comment "((?:\\.|[^"\\])*)"/.exec(line) ?? [];
  return comment?.replace(/\\(.)/g, '$1') === rule || line === rule;
}
