import { causes } from '../../lab/model/cause.ts';
import type { CellResult } from '../../lab/model/cell.ts';

/**
 * How often a staged cause (rows) got which verdict (columns, by number); a dot is none. Only the diagonal should hold
 * numbers.
 */
export function confusionTable(cells: readonly CellResult[]): string {
  const count = (staged: string, got: string) =>
    cells.filter(({ expected, verdict }) => expected?.cause === staged && verdict.cause === got).length;
  const width = Math.max(...causes.map((cause) => cause.length)) + 4;
  const column = (text: string | number) => String(text).padStart(4);
  return [
    ' '.repeat(width) + causes.map((_cause, index) => column(index + 1)).join(''),
    ...causes.map(
      (staged, index) =>
        `${index + 1}`.padStart(2) +
        `  ${staged}`.padEnd(width - 2) +
        causes.map((got) => column(count(staged, got) || '.')).join(''),
    ),
  ].join('\n');
}
