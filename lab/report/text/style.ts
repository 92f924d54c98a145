import picocolors from 'picocolors';
import type { Names } from '../../model/names.ts';

/** How a report is laid out: the terminal's width in columns, what may be printed, and what hosts are called. */
export interface Style {
  readonly width: number;
  readonly color: boolean;
  /** Whether lines and arrows may use Unicode; if not, they are ASCII. Default false. */
  readonly unicode?: boolean;
  /** Default: hosts have the lab's names. */
  readonly names?: Names;
}

/** The colours of a style. If colour is off, each of them returns its text unchanged. */
export function colorsOf(style: Style): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(style.color);
}
