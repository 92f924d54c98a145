import { groupBy } from '../../group-by.ts';
import { transferModes } from '../../model/attempt.ts';
import type { CellResult } from '../../model/cell.ts';
import { called, idCalled, type Names } from '../../model/names.ts';
import { type RunResult, stagedOf } from '../../model/run-result.ts';
import { byPurpose, causeHeadings, causeRows } from '../cause-rows.ts';
import { leftBehind } from '../left-behind.ts';
import { reaches, reachMeaning, reachOf } from '../reach.ts';
import { cureOf, failuresToCure } from '../text/cures.ts';
import { deviation } from '../text/differing-cells.ts';
import { columnOf, sameOutcome, textOf } from '../text/matrix.ts';
import { counts, skippedInWords } from '../text/summary.ts';

/**
 * The run in Markdown, as GitHub shows it in a job's summary: the counts; the cells that differ, with their sentences;
 * a table per client with a row per rule set and a column per server (and program), the modes always in the same order;
 * and a table of the staged causes.
 */
export function markdown(run: RunResult): string {
  const { cells, names } = run;
  const { asked, causes } = byPurpose(cells, stagedOf(run));
  const differing = cells.filter(({ asExpected }) => asExpected === false);
  const paragraphs = [
    `### ftplab: ${counts(run)}`,
    ...(run.summary.void === null ? [] : [`**VOID:** ${textOnly(run.summary.void)}`]),
    ...run.summary.skipped.map((one) => textOnly(skippedInWords(one))),
    ...(differing.length === 0
      ? []
      : [
          differing
            .map(
              (cell) =>
                `- \`${idCalled(cell.id, names)}\`: ${textOnly(deviation(cell, names))}. ${textOnly(cell.verdict.sentence)}`,
            )
            .join('\n'),
        ]),
    ...(run.setting?.notes ?? []).map(({ text }) => `Note: ${textOnly(text)}`),
    ...(asked.length === 0 ? [] : [markdownMatrix(asked, names)]),
    ...(causes.length === 0 ? [] : [markdownCauses(causes, names)]),
    ...failuresToCure(run.cells).map(
      (verdict) => `What cures \`${verdict.cause}\`: ${textOnly(cureOf(verdict))}`,
    ),
  ];
  return `${paragraphs.join('\n\n')}\n\n`;
}

/** One table per client (clients with equal results share one), then what the words in the tables mean. */
export function markdownMatrix(cells: readonly CellResult[], names?: Names): string {
  return [
    ...sameOutcome(cells).map(({ clients, cells: own }) => tableOf(clients, own, names)),
    legendOf(cells),
  ].join('\n\n');
}

function legendOf(cells: readonly CellResult[]): string {
  const used = reaches.filter((reach) => cells.some((cell) => reachOf(cell) === reach));
  const left = leftBehind(cells);
  return [
    ...used.map((reach) => `\`${reach}\` ${reachMeaning[reach]}`),
    ...(left === '' ? [] : [`left on the servers, where uploads failed: ${left}`]),
  ].join(' · ');
}

function tableOf(clients: readonly string[], cells: readonly CellResult[], names: Names | undefined): string {
  const columns = [...new Set(cells.map((cell) => columnOf(cell, names)))];
  const modes = transferModes.filter((mode) => cells.some((cell) => cell.mode === mode));
  return [
    `From **${clients.map((client) => called(client, names)).join(', ')}**, each cell ${modes.join(' · ')}:`,
    '',
    row(['rule set', ...columns]),
    row(['---', ...columns.map(() => '---')]),
    ...[...groupBy(cells, (cell) => cell.ruleSet)].map(([label, own]) =>
      row([
        textOnly(label),
        ...columns.map((column) => {
          const there = modes.map((mode) =>
            own.find((cell) => columnOf(cell, names) === column && cell.mode === mode),
          );
          if (there.every((cell) => cell === undefined)) return '';
          return there.map(shown).join(' · ');
        }),
      ]),
    ),
  ].join('\n');
}

/** One row per cell, then what the words in the tables mean. */
function markdownCauses(cells: readonly CellResult[], names: Names | undefined): string {
  const loud = ({ asExpected }: CellResult, text: string) => (asExpected === false ? `**${text}**` : text);
  return [
    'Causes, each staged by a scenario of its own:',
    '',
    row(causeHeadings),
    row(causeHeadings.map(() => '---')),
    ...causeRows(cells, names).map(({ cell, texts: [scenario, path, reach, cause, by] }) =>
      row([textOnly(scenario), textOnly(path), loud(cell, textOnly(reach)), cause, textOnly(by)]),
    ),
    '',
    legendOf(cells),
  ].join('\n');
}

function row(entries: readonly string[]): string {
  return `| ${entries.join(' | ')} |`;
}

function shown(cell: CellResult | undefined): string {
  if (!cell) return ' ';
  return cell.asExpected === false ? `**${textOf(cell)}**` : textOf(cell);
}

/** Escapes names and sentences so that Markdown and HTML show them as plain text. */
export function textOnly(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|#!~&]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s+/g, ' ');
}
