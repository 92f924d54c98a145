import { duration } from '../../duration.ts';
import type { RoundResult } from '../../model/result/round.ts';
import { type Sign, signs } from '../../model/vocabulary.ts';
import { type Change, compareCells } from '../../verdict/comparison.ts';
import { answers } from './answers.ts';
import { changesText } from './comparison.ts';
import { demandsText } from './demands.ts';
import { matrix } from './matrix.ts';
import { notesInWords } from './notes.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * The last round of a watched file, and what changed since the round before. If a later save could not be read, its
 * error stands above the matrix, as lines.
 */
export function watched(
  round: RoundResult,
  before: RoundResult | undefined,
  error: readonly string[],
  style: Style,
): string {
  const colors = colorsOf(style);
  const compared = compareCells(before?.cells ?? [], round.cells);
  const changes = compared.filter(({ sign }) => sign !== '=');
  const time = new Date(round.at).toTimeString().slice(0, 8);
  const heading = `${time}  ${round.cells.length} cells in ${duration(round.ms)}`;
  const difference =
    before === undefined
      ? ''
      : changes.length === 0
        ? 'Nothing changed.'
        : changesText(compared, style, differing);
  return [
    colors.bold(heading),
    notesInWords(round.notes, style),
    difference,
    answers(round.cells, new Map(), style),
    round.demands ? demandsText(round.demands, round.cells, style) : '',
    error.map((line) => colors.bold(colors.red(wrap(line, style.width, '  ')))).join('\n'),
    matrix(round.cells, style, marksOf(changes)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const differing = signs.filter((sign) => sign !== '=');

/** One sign per cell: the upload's sign, or else the first other one. */
function marksOf(changes: readonly Change[]): Map<string, Sign> {
  const uploadsLast = changes.toSorted((a, b) => Number(a.aspect === 'STOR') - Number(b.aspect === 'STOR'));
  return new Map(uploadsLast.map(({ path, sign }) => [path, sign]));
}
