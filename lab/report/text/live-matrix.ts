import { duration } from '../../duration.ts';
import { groupBy } from '../../group-by.ts';
import type { CellResult } from '../../model/cell.ts';
import { reachOf } from '../reach.ts';
import { colorsOf, type Style } from './style.ts';

/** A cell that a run will try. */
export interface PlannedCell {
  readonly ruleSet: string;
  readonly id: string;
}

/** A run's progress: the planned cells, the results so far by cell id, and the time taken in milliseconds. */
export interface RunSoFar {
  readonly planned: readonly PlannedCell[];
  readonly came: ReadonlyMap<string, CellResult>;
  readonly ms: number;
}

const signs = { uploads: '#', blocked: '-', differs: '!', undecided: '?', toCome: '.' } as const;
const legend = `${signs.uploads} uploads  ${signs.blocked} blocked  ${signs.differs} not as expected`;

/**
 * A run in progress, in at most `rows` lines: one row per rule set with one sign per cell. If not all rows fit, rule
 * sets that finished as expected are left out first, then those whose turn is furthest away.
 */
export function liveMatrix({ planned, came, ms }: RunSoFar, style: Style, rows: number): string {
  const colors = colorsOf(style);
  const sets = [...groupBy(planned, ({ ruleSet }) => ruleSet)];
  const labelWidth = Math.max(0, ...sets.map(([name]) => name.length)) + 1;
  const room = Math.max(10, style.width - labelWidth - 1);
  const blocks = sets.map(([name, cells]) => {
    const results = cells.map(({ id }) => came.get(id));
    const texts = results.map((cell) => signOf(cell, colors));
    const lines: string[] = [];
    for (let first = 0; first < texts.length; first += room)
      lines.push((first === 0 ? name : '').padEnd(labelWidth) + texts.slice(first, first + room).join(''));
    const done = results.every((cell) => cell !== undefined && cell.asExpected !== false);
    return { lines, done, begun: results.some((cell) => cell !== undefined) };
  });
  const differing = [...came.values()].filter(({ asExpected }) => asExpected === false).length;
  const loud = differing > 0 ? `, ${colors.bold(colors.red(`${differing} not as expected`))}` : '';
  const heading = `${came.size} of ${planned.length} cells, ${duration(ms)}${loud}`;
  const shown = fitting(blocks, Math.max(1, rows - 2));
  return [heading, ...shown.flatMap(({ lines }) => lines), colors.dim(legend)].join('\n');
}

interface Block {
  readonly lines: readonly string[];
  readonly done: boolean;
  readonly begun: boolean;
}

function fitting(blocks: readonly Block[], room: number): readonly Block[] {
  const kept = [...blocks];
  const height = () => kept.reduce((sum, { lines }) => sum + lines.length, 0);
  while (kept.length > 1 && height() > room) {
    const done = kept.findIndex((block) => block.done);
    const waiting = kept.findLastIndex(({ begun }) => !begun);
    kept.splice(done >= 0 ? done : waiting >= 0 ? waiting : 0, 1);
  }
  return kept;
}

function signOf(cell: CellResult | undefined, colors: ReturnType<typeof colorsOf>): string {
  if (!cell) return colors.dim(signs.toCome);
  if (cell.asExpected === false) return colors.bold(colors.red(signs.differs));
  if (reachOf(cell) === '?') return colors.bold(colors.yellow(signs.undecided));
  return cell.verdict.uploaded ? colors.green(signs.uploads) : colors.dim(signs.blocked);
}
