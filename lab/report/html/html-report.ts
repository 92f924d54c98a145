import { marked } from 'marked';
import type { CellResult } from '../../model/cell.ts';
import { idCalled, type Names } from '../../model/names.ts';
import type { RulesNote } from '../../model/result/note.ts';
import { questionsOf, type RunResult, stagedOf } from '../../model/run-result.ts';
import { cures } from '../../verdict/cures.ts';
import { byPurpose } from '../cause-rows.ts';
import { causeSections } from '../cause-sections.ts';
import { leftBehind } from '../left-behind.ts';
import { reaches, reachMeaning, reachOf } from '../reach.ts';
import { exposureBars } from '../svg/exposure-bars.ts';
import { escapeMarkup } from '../svg/markup.ts';
import { networkSvg } from '../svg/network-svg.ts';
import { answersOf } from '../text/answers.ts';
import { diagramOf } from '../text/diagram.ts';
import { deviation } from '../text/differing-cells.ts';
import { counts, phaseTimes, skippedInWords } from '../text/summary.ts';
import { causeTable } from './cause-table.ts';
import { matrixTables } from './matrix-table.ts';
import { detailsOf, embeddedJson, pageData } from './page-data.ts';
import { pageStyle } from './page-style.ts';

/**
 * A run as one self-contained HTML file: it loads no other file and uses no network. `script` is the page's own script,
 * bundled; `causesPage` is docs/causes.md, of which the page holds what is about its cells. If scripts are off, the page still shows the network, the answers and the matrix.
 */
export function htmlReport(run: RunResult, script: string, causesPage = ''): string {
  const { cells, setting, summary, names, exposures = [] } = run;
  const differing = cells.filter(({ asExpected }) => asExpected === false);
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
<p id="count" role="status"></p>
${matrixTables(
  asked.map((cell) => ({ cell, index: indexes.get(cell) ?? 0 })),
  names,
)}
${causeTable(causes, indexes, names)}
<dl class="legend">${legendOf(run)}</dl></section>`,
    exposures.length > 0 &&
      `<section aria-labelledby="exposure"><h2 id="exposure">What else gets through</h2>${exposureBars(exposures, names)}</section>`,
    cureSection(cells, causesPage),
    '<section id="compare" aria-labelledby="compare-title" hidden><h2 id="compare-title">Two rule sets compared</h2></section>',
  ];
  const state = summary.void !== null || differing.length > 0 ? 'loud' : 'calm';
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
<p class="state ${state}">${escapeMarkup(counts(run))}.</p>
${summary.void === null ? '' : `<p class="state loud">VOID: ${escapeMarkup(summary.void)}</p>`}
${summary.skipped.map((one) => `<p>${escapeMarkup(skippedInWords(one))}</p>`).join('\n')}
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

function legendOf({ cells }: RunResult): string {
  const used = reaches.filter((reach) => cells.some((cell) => reachOf(cell) === reach));
  const entries = used.map((reach) => [reach, reachMeaning[reach]]);
  if (cells.some(({ asExpected }) => asExpected === false)) entries.push(['!', 'not as expected']);
  const left = leftBehind(cells);
  if (left !== '') entries.push(['left', `on the servers, where uploads failed: ${left}`]);
  return entries.map(([sign, meaning]) => `<div><dt>${sign}</dt><dd>${meaning}</dd></div>`).join('');
}
