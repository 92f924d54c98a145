import type { TranscriptLine } from '../../../model/attempt.ts';
import type { ConnectionPacket } from '../../../model/evidence.ts';
import { called, firewallCalled, idCalled, type Names } from '../../../model/names.ts';
import { noRules } from '../../../model/rule-set.ts';
import { firewallsBetween } from '../../../network/topology.ts';
import { cureFor } from '../../../verdict/cures.ts';
import { leftInWords } from '../../../verdict/sentence.ts';
import { stepInWords } from '../../../verdict/way.ts';
import type { Ladder } from '../../ladder/ladder.ts';
import { ruleText } from '../../ladder/rule-text.ts';
import { ladderSvg } from '../../svg/ladder-svg.ts';
import { ladderList } from '../../text/ladder-list.ts';
import type { CellDetails, PageCell, PageData } from '../page-data.ts';
import { byId, element } from './dom.ts';
import { ruleList } from './rule-list.ts';

/**
 * The dialog with everything known about one cell. The page's address then ends with the cell's id, so that it can be
 * linked to.
 */
export class Detail {
  readonly #dialog = byId<HTMLDialogElement>('detail');
  readonly #data: PageData;
  #details: readonly CellDetails[] | undefined;
  #wanted: readonly number[];
  #shown = -1;

  /** `closed` is called with the index of the cell that was shown last. */
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

  /** Sets the cells that the buttons "Previous" and "Next" walk through. */
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
      element('h2', { id: 'detail-title' }, idCalled(cell.id, this.#data.names)),
      element('div', {}, step('Previous', -1), step('Next', 1), close),
    );
  }

  #sections(cell: PageCell): HTMLElement[] {
    this.#details ??= JSON.parse(byId('details').textContent ?? '') as CellDetails[];
    const details = this.#details[this.#shown];
    const { names } = this.#data;
    if (!details) return [verdictOf(cell, names)];
    const { refused } = details;
    return [
      verdictOf(cell, names),
      details.ladder ? ladderSection(details.ladder, cell, names) : stepsOf(details.steps),
      ...(details.transcript.length > 0 ? [transcriptOf(details.transcript)] : []),
      ...(cell.pcap === undefined ? [] : [captureOf(cell.pcap)]),
      ...(refused ? [rulesMet(refused, names)] : []),
      ...this.#rules(cell, refused),
    ];
  }

  #rules({ ruleSet, client, server, verdict }: PageCell, refused: CellDetails['refused']): HTMLElement[] {
    const firewalls = this.#data.setting?.ruleSets.find(({ name }) => name === ruleSet)?.firewalls;
    if (!firewalls) return [];
    return firewallsBetween(client, server).map((firewall) =>
      element(
        'section',
        {},
        element('h3', {}, `What ${called(firewall, this.#data.names)} had loaded`),
        ruleList(
          firewalls[firewall] ?? noRules,
          (line) =>
            firewall === verdict.firewall && decides(line, verdict.rule, refused)
              ? 'The deciding rule'
              : null,
          'decided',
        ),
      ),
    );
  }
}

/** What cures a failure, with a link to what the page says of its cause. */
function cureOf(verdict: PageCell['verdict']): HTMLElement {
  const { cause } = verdict;
  const link = element('a', { href: `#cause-${cause}` }, 'More on this cause');
  link.addEventListener('click', (event) => {
    event.preventDefault();
    byId<HTMLDialogElement>('detail').close();
    const article = byId(`cause-${cause}`);
    article.scrollIntoView();
    article.focus();
  });
  return element('p', {}, `What cures it: ${cureFor(verdict).sentence} `, link);
}

function verdictOf(cell: PageCell, names: Names): HTMLElement {
  const { verdict, expected, asExpected } = cell;
  const facts: [string, string][] = [
    ['result', `${cell.reach}: ${cell.meaning}`],
    ['cause', verdict.cause],
  ];
  if (verdict.firewall !== null) facts.push(['firewall', firewallCalled(verdict.firewall, names)]);
  if (verdict.rule !== null) facts.push(['rule', verdict.rule]);
  for (const step of verdict.way ?? [])
    if (step.line !== null)
      facts.push([stepInWords(step), step.comment === null ? step.rule : `${step.comment}. ${step.rule}`]);
  if (verdict.packet !== null)
    facts.push(['packet', `${verdict.packet.source} -> ${verdict.packet.destination}`]);
  if (verdict.left) facts.push([`left on ${called(cell.server, names)}`, leftInWords(verdict.left)]);
  if (expected !== null)
    facts.push([
      'expected',
      `${expected.uploaded ? 'upload' : expected.cause}${asExpected ? ', as observed' : ''}`,
    ]);
  return element(
    'section',
    {},
    element('p', { class: asExpected === false ? 'sentence loud' : 'sentence' }, verdict.sentence),
    ...(verdict.uploaded ? [] : [cureOf(verdict)]),
    element(
      'table',
      { class: 'plain' },
      facts.map(([name, value]) =>
        element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
      ),
    ),
  );
}

function ladderSection(ladder: Ladder, { id, verdict }: PageCell, names: Names): HTMLElement {
  const picture = element('div', { class: 'scroll', tabindex: '0' });
  picture.innerHTML = ladderSvg(ladder, `What was sent in ${idCalled(id, names)}. ${verdict.sentence}`);
  const text = ladderList(ladder, { width: 100, color: false });
  return element(
    'section',
    {},
    element('h3', {}, 'What was sent, and how far it got'),
    picture,
    element(
      'p',
      { class: 'faint' },
      "Milliseconds since the start. FTP lines have the client's time. Packets have the time at which the firewall's trace reported them; it may be later than the events that followed.",
    ),
    element(
      'details',
      {},
      element('summary', {}, 'The same in words'),
      element('pre', { class: 'text', tabindex: '0' }, text),
    ),
  );
}

/** The rules that the refused packet matched on its way through a firewall, in order. */
function rulesMet(
  { firewall, flags, source, destination, met }: ConnectionPacket,
  names: Names,
): HTMLElement {
  const rows = met.map((rule) =>
    element(
      'tr',
      {},
      element('td', { class: 'short' }, `${rule.table} ${rule.chain}`),
      element('td', { class: 'mono' }, ruleText(rule)),
    ),
  );
  return element(
    'section',
    {},
    element(
      'h3',
      {},
      `Rules of ${called(firewall, names)} that matched ${flags || 'ICMP'} ${source} > ${destination}, in order`,
    ),
    element('table', { class: 'plain' }, rows),
  );
}

function transcriptOf(lines: readonly TranscriptLine[]): HTMLElement {
  const text = lines.map(
    ({ ms, from, text: line }) => `${ms.toFixed(1).padStart(8)}  ${from.padEnd(6)}  ${line}`,
  );
  return element(
    'details',
    {},
    element('summary', {}, 'The control connection, line by line'),
    element('pre', { class: 'rules text', tabindex: '0' }, text.join('\n')),
  );
}

/** A link to the captured packets, relative to where the report was written. */
function captureOf(path: string): HTMLElement {
  const href = path.split('/').map(encodeURIComponent).join('/');
  return element(
    'p',
    {},
    'Its packets on both sides of each firewall, for Wireshark: ',
    element('a', { href, class: 'mono' }, path),
  );
}

function stepsOf(steps: CellDetails['steps']): HTMLElement {
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
 * Whether a line of rules is the deciding one: the last rule that the refused packet met. If no packet was refused, the
 * rule is found by its name, which is its comment or, without one, its text.
 */
function decides(line: string, rule: string | null, refused: CellDetails['refused']): boolean {
  const text = refused?.met.findLast(({ verdict }) => verdict === 'drop' || verdict === 'accept')?.rule;
  if (text) return line === text;
  if (rule === null) return false;
  const [, comment] = /comment "((?:\\.|[^"\\])*)"/.exec(line) ?? [];
  return comment?.replace(/\\(.)/g, '$1') === rule || line === rule;
}
