import { marked } from 'marked';
import type { CellResult } from '../../model/cell.ts';
import { idCalled, type Names } from '../../model/names.ts';
import type { RulesNote } from '../../model/result/note.ts';
import { questionsOf, type RunResult, stagedOf } from '../../model/run-result.ts';
import { cures } from '../../verdict/cures.ts';
import { areMet } from '../../verdict/demands.ts';
import { byPurpose } from '../cause-rows.ts';
import { causeSections } from '../cause-sections.ts';
import { leftBehind } from '../left-behind.ts';
import { reaches, reachMeaning, reachOf } from '../reach.ts';
import { exposureBars } from '../svg/exposure-bars.ts';
import { escapeMarkup } from '../svg/markup.ts';
import { networkSvg } from '../svg/network-svg.ts';
import { answersOf } from '../text/answers.ts';
import { demandsText } from '../text/demands.ts';
import { diagramOf } from '../text/diagram.ts';
import { deviation } from '../text/differing-cells.ts';
import { counts, cutShortInWords, phaseTimes, skippedInWords } from '../text/summary.ts';
import { causeTable } from './cause-table.ts';
import { type CellKind, cellKinds, kindOf } from './cell-button.ts';
import { matrixTables } from './matrix-table.ts';
import { detailsOf, embeddedJson, pageData } from './page-data.ts';
import { pageStyle } from './page-style.ts';

/** When a report was made (ISO 8601), and the command line that made it. */
export interface Made {
  readonly at: string;
  readonly command: string;
}

/**
 * A run as one self-contained HTML file: it loads no other file and uses no network. `script` is the page's own script,
 * bundled; `causesPage` is docs/causes.md, of which the page holds what is about its cells. If scripts are off, the page still shows the network, the answers and the matrix.
 */
export function htmlReport(run: RunResult, script: string, causesPage = '', made?: Made): string {
  const { cells, setting, summary, names, exposures = [] } = run;
  const { asked, causes } = byPurpose(cells, stagedOf(run));
  const indexes = new Map(cells.map((cell, index) => [cell, index]));
  const sections = [
    setting?.plan &&
      `<figure tabindex="0" aria-label="The network">${networkSvg(diagramOf(setting.plan, names), { standalone: false })}</figure>`,
    differingSection(run),
    asked.length > 0 && answerSection(asked, questionsOf(run), names),
    noteSection(setting?.notes ?? []),
    `<section aria-labelledby="cells"><h2 id="cells">Every upload</h2>
<form id="filters" class="controls" hidden></form>
<p id="hint" class="faint" hidden>Each cell opens: click it, or press Enter on it, to see the upload step by step.</p>
<p id="count" role="status"></p>
${matrixTables(
  asked.map((cell) => ({ cell, index: indexes.get(cell) ?? 0, asked: summary.demands })),
  names,
  summary.missing,
)}
${causeTable(causes, indexes, names)}
<dl class="legend">${legendOf(run)}</dl></section>`,
    exposures.length > 0 &&
      `<section aria-labelledby="exposure"><h2 id="exposure">What else gets through</h2>${exposureBars(exposures, names)}</section>`,
    cureSection(cells, causesPage),
    '<section id="compare" aria-labelledby="compare-title" hidden><h2 id="compare-title">Two rule sets compared</h2></section>',
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>ftplab: ${escapeMarkup(counts(run))}</title>
<style>${pageStyle}</style>
<body>
<header>
<p class="kicker">isa-ftp-lab</p>
<h1>Which uploads do the firewalls let through?</h1>
<p class="state ${stateOf(run)}">${escapeMarkup(counts(run))}.</p>
${summary.missing ? `<p class="state cut">${escapeMarkup(cutShortInWords(summary.missing, names))}</p>` : ''}
${summary.void === null ? '' : `<p class="state loud">VOID: ${escapeMarkup(summary.void)}</p>`}
${demandsSection(run)}
${summary.skipped.map((one) => `<p>${escapeMarkup(skippedInWords(one))}</p>`).join('\n')}
${made ? `<p class="faint">Made ${escapeMarkup(made.at.slice(0, 16).replace('T', ' '))} UTC by <code>${escapeMarkup(made.command)}</code></p>` : ''}
<p class="faint">${escapeMarkup(phaseTimes(run))}. Observed on the lab's own servers and firewalls (Linux iptables standing in for ISA Server 2004), not on yours.</p>
</header>
<main>
${sections.filter((section) => section).join('\n')}
</main>
<dialog id="detail" aria-labelledby="detail-title"></dialog>
<script type="application/json" id="data">${embeddedJson(pageData(run))}</script>
<script type="application/json" id="details">${embeddedJson(cells.map((cell) => detailsOf(cell, names)))}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

/** Whether the first line is good news: only if there is nothing that somebody has to look at. */
function stateOf({ cells, summary }: RunResult): 'loud' | 'cut' | 'calm' | 'neutral' {
  const { demands } = summary;
  const isWrong = demands !== undefined && !areMet(demands);
  if (summary.void !== null || isWrong || cells.some(({ asExpected }) => asExpected === false)) return 'loud';
  if (summary.missing) return 'cut';
  const isAsked = demands !== undefined && demands.need.length + demands.forbid.length > 0;
  return isAsked || cells.every(({ asExpected, verdict }) => asExpected === true || verdict.uploaded)
    ? 'calm'
    : 'neutral';
}

/** Whether what was asked of the rules holds. */
function demandsSection({ cells, summary: { demands }, names }: RunResult): string {
  if (!demands || demands.need.length + demands.forbid.length === 0) return '';
  const text = demandsText(demands, cells, { width: 10_000, color: false, ...(names && { names }) });
  const state = areMet(demands) ? 'calm' : 'loud';
  return text
    .split('\n')
    .map((line) => `<p class="state ${state}">${escapeMarkup(line)}</p>`)
    .join('\n');
}

function differingSection({ cells, names }: RunResult): string {
  const differing = cells.filter(({ asExpected }) => asExpected === false);
  if (differing.length === 0) return '';
  const items = differing.map(
    (cell) =>
      `<li><a href="#${escapeMarkup(encodeURIComponent(cell.id))}">${escapeMarkup(idCalled(cell.id, names))}</a>: ${escapeMarkup(deviation(cell, names))}. ${escapeMarkup(cell.verdict.sentence)}</li>`,
  );
  return `<section aria-labelledby="differs"><h2 id="differs">Not as expected</h2><ul class="differing">${items.join('')}</ul></section>`;
}

/** What cures each cause that the cells have, as the guide has it: the links of verdicts lead here, without a network. */
function cureSection(cells: readonly CellResult[], causesPage: string): string {
  const sections = causeSections(causesPage);
  const causes = new Set(
    cells.filter(({ verdict }) => !verdict.uploaded).map(({ verdict }) => verdict.cause),
  );
  const articles = [...causes].map(
    (cause) =>
      `<article id="cause-${cause}" tabindex="-1"><h3>${cause}</h3><p><strong>${escapeMarkup(cures[cause].sentence)}</strong></p>
${marked.parse(sections.get(cause) ?? '', { async: false, gfm: true })}</article>`,
  );
  if (articles.length === 0) return '';
  return `<section class="cures" aria-labelledby="cures"><h2 id="cures">What cures it</h2>${articles.join('\n')}</section>`;
}

function answerSection(
  cells: readonly CellResult[],
  questions: ReadonlyMap<string, string>,
  names: Names | undefined,
): string {
  const items = answersOf(cells, questions, names).map(({ ruleSet, question, outcomes }) => {
    const lines = outcomes.map(
      ({ text, asExpected }) => `<p${asExpected ? '' : ' class="loud"'}>${escapeMarkup(text)}</p>`,
    );
    const asked = question === null ? '' : ` <span class="question">${escapeMarkup(question)}</span>`;
    return `<dt><strong>${escapeMarkup(ruleSet)}</strong>${asked}</dt><dd>${lines.join('')}</dd>`;
  });
  return `<section aria-labelledby="answers"><h2 id="answers">Answers</h2><dl class="answers">${items.join('\n')}</dl></section>`;
}

/** Notes on how the lab reads the rules. Whoever reads the verdicts must know them. */
function noteSection(notes: readonly RulesNote[]): string {
  if (notes.length === 0) return '';
  const items = notes.map(({ text }) => `<li>${escapeMarkup(text)}</li>`);
  return `<section aria-labelledby="notes"><h2 id="notes">Notes on these rules</h2><ul>${items.join('')}</ul></section>`;
}

function legendOf({ cells, summary: { demands, missing } }: RunResult): string {
  const kinds = new Set<CellKind>(cells.map((cell) => kindOf(cell, demands)));
  if (missing) kinds.add('missing');
  const looks = (Object.keys(cellKinds) as CellKind[])
    .filter((kind) => kinds.has(kind))
    .map((kind) => [`<span class="cell ${kind}" aria-hidden="true"></span>`, cellKinds[kind]]);
  const used = reaches.filter((reach) => cells.some((cell) => reachOf(cell) === reach));
  const entries = [...looks, ...used.map((reach) => [reach, reachMeaning[reach]])];
  const left = leftBehind(cells);
  if (left !== '') entries.push(['left', `on the servers, where uploads failed: ${left}`]);
  return entries.map(([sign, meaning]) => `<div><dt>${sign}</dt><dd>${meaning}</dd></div>`).join('');
}
