import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { idCalled, pathCalled } from '../../model/names.ts';
import { questionsOf, type RunResult } from '../../model/run-result.ts';
import { pathOf } from '../../verdict/comparison.ts';
import { answersOf } from './answers.ts';
import { curesText } from './cures.ts';
import { colorsOf, type Style } from './style.ts';
import { summary } from './summary.ts';
import { wrap } from './wrap.ts';

/** What a terminal of 80 by 24 has room for, of each part. */
const room = { outcomes: 4, cures: 2, linesEach: 3 };

/**
 * The end of a run, which is what a terminal still shows of it: what was asked, what each rule set came to, what cures what fails, and
 * where the rest is. `documents`: the files that were written.
 */
export function lastScreen(run: RunResult, documents: readonly string[], style: Style): string {
  const { cells } = run;
  const ruleSets = [...new Set(cells.map(({ ruleSet }) => ruleSet))];
  return [
    asked(run, ruleSets, style),
    ...(ruleSets.length === 1 ? outcomes(run, style) : byOutcome(cells, style)),
    curesText(cells, style, room.cures),
    summary(run, style),
    ...further(run, documents, style),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function asked(run: RunResult, ruleSets: readonly string[], style: Style): string {
  const { cells } = run;
  const [only] = ruleSets;
  const question = ruleSets.length === 1 && only !== undefined ? questionsOf(run).get(only) : undefined;
  const text =
    question ??
    `${cells.length} uploads under ${ruleSets.length === 1 ? only : `${ruleSets.length} rule sets`}${cells.some(({ expected }) => expected !== null) ? ', each held against what its scenario expects' : ''}`;
  return colorsOf(style).bold(wrap(`Asked: ${text}`, style.width, '  '));
}

/** What the only rule set came to: a sentence for each outcome, failures that nobody expected first. */
function outcomes(run: RunResult, style: Style): string[] {
  const colors = colorsOf(style);
  const [answer] = answersOf(run.cells, questionsOf(run), style.names);
  const all = [...(answer?.outcomes ?? [])].sort((a, b) => Number(a.asExpected) - Number(b.asExpected));
  const shown = all.slice(0, room.outcomes).map(({ text, asExpected }) => {
    const line = shortened(wrap(`  ${text}`, style.width, '    '));
    return asExpected ? line : colors.bold(colors.red(line));
  });
  const more = all.length - shown.length;
  return more > 0 ? [...shown, `  and ${more} other outcomes, above`] : shown;
}

function shortened(text: string): string {
  const lines = text.split('\n');
  return lines.length > room.linesEach ? `${lines.slice(0, room.linesEach).join('\n')} ...` : text;
}

/** Which rule sets let all of their uploads through, some, or none. */
function byOutcome(cells: readonly CellResult[], style: Style): string[] {
  const colors = colorsOf(style);
  const kinds = groupBy([...groupBy(cells, ({ ruleSet }) => ruleSet).values()], (own) => {
    if (own.some(({ asExpected }) => asExpected === false)) return 'differs';
    const up = own.filter(({ verdict }) => verdict.uploaded).length;
    return up === own.length ? 'all' : up === 0 ? 'none' : 'some';
  });
  const titles = [
    ['all', 'Every upload works under'],
    ['some', 'Some uploads work under'],
    ['none', 'No upload works under'],
    ['differs', 'NOT AS EXPECTED under'],
  ] as const;
  return titles.flatMap(([kind, title]) => {
    const names = (kinds.get(kind) ?? []).flatMap((own) => own[0]?.ruleSet ?? []);
    if (names.length === 0) return [];
    const text = wrap(`  ${title} ${list(names)}.`, style.width, '    ');
    return [kind === 'differs' ? colors.bold(colors.red(text)) : text];
  });
}

/** The documents, and the command that shows one upload: one that is not as expected, else one that fails, else the first. */
function further({ cells, files, names }: RunResult, documents: readonly string[], style: Style): string[] {
  const example =
    cells.find(({ asExpected }) => asExpected === false) ??
    cells.find(({ verdict }) => verdict.cause.startsWith('data-')) ??
    cells.find(({ verdict }) => !verdict.uploaded) ??
    cells[0];
  const [file, beside] = files.map(({ path }) => path);
  const both = example?.ruleSet.includes('+') && beside !== undefined ? `${file}+${beside}` : file;
  const cell =
    example && (both ? `${both} ${pathCalled(pathOf(example), names)}` : idCalled(example.id, names));
  return [
    ...(documents.length > 0 ? [wrap(`Written: ${list(documents)}.`, style.width, '  ')] : []),
    ...(cell
      ? [
          wrap(
            `One upload step by step: ftplab explain ${cell}${file ? ', with the same options' : ''}`,
            style.width,
            '  ',
          ),
        ]
      : []),
  ];
}
