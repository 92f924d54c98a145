import { duration } from '../../duration.ts';
import type { LabError } from '../../errors.ts';
import type { CellResult } from '../../model/cell.ts';
import { type Change, compareCells, type Sign, signs } from '../../verdict/comparison.ts';
import { answers } from './answers.ts';
import { changesText } from './comparison.ts';
import { matrix } from './matrix.ts';
import { notesInWords } from './notes.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What one save of a watched file came to. */
export interface Round {
  readonly cells: readonly CellResult[];
  readonly notes: readonly string[];
  /** Time from when the save was seen to the last cell, in milliseconds. */
  readonly ms: number;
  /** When it was done. */
  readonly at: Date;
}

/**
 * A watched file's last round, with what changed since the one before; above the matrix the message of a save that came
 * to nothing since, in lines.
 */
export function watched(
  round: Round,
  before: Round | undefined,
  error: readonly string[],
  style: Style,
): string {
  const colors = colorsOf(style);
  const compared = compareCells(before?.cells ?? [], round.cells);
  const changes = compared.filter(({ sign }) => sign !== '=');
  const time = round.at.toTimeString().slice(0, 8);
  const heading = `${time}  ${round.cells.length} cells in ${duration(round.ms)}`;
  const changed =
    before === undefined
      ? ''
      : changes.length === 0
        ? 'Nothing changed.'
        : changesText(compared, style, differing);
  return [
    colors.bold(heading),
    notesInWords(round.notes, style),
    changed,
    answers(round.cells, new Map(), style),
    error.map((line) => colors.bold(colors.red(wrap(line, style.width, '  ')))).join('\n'),
    matrix(round.cells, style, marksOf(changes)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const differing = signs.filter((sign) => sign !== '=');

/**
 * What one save came to as a line of JSON: `cells` as in other documents, `changes` since the round before, and `error`
 * where the file did not load, which leaves both empty.
 */
export function watchedJson(
  at: Date,
  { cells, notes, ms }: Pick<Round, 'cells' | 'notes' | 'ms'>,
  before: Round | undefined,
  error: Pick<LabError, 'code' | 'message' | 'hint'> | null,
): string {
  const changes = compareCells(before?.cells ?? [], cells)
    .filter(({ sign }) => sign !== '=')
    .map(({ path, aspect, sign }) => ({ cell: path, aspect, sign }));
  const told = error && { code: error.code, message: error.message, hint: error.hint ?? null };
  return `${JSON.stringify({ version: 1, at: at.toISOString(), cells, changes, notes, error: told, ms })}\n`;
}

/** A sign a cell: the upload's, else the first other one. */
function marksOf(changes: readonly Change[]): Map<string, Sign> {
  const uploadsLast = changes.toSorted((a, b) => Number(a.aspect === 'STOR') - Number(b.aspect === 'STOR'));
  return new Map(uploadsLast.map(({ path, sign }) => [path, sign]));
}
