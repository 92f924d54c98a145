import picocolors from 'picocolors';

/** How a report is laid out: the terminal's width in columns, and what may be printed. */
export interface Style {
  readonly width: number;
  readonly color: boolean;
  /** Whether lines and arrows may use Unicode; if not, they are ASCII. Default false. */
  readonly unicode?: boolean;
}

/** The colours of a style. If colour is off, each of them returns its text unchanged. */
export function colorsOf(style: Style): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(style.color);
}
