import picocolors from 'picocolors';

/** How a report is laid out: columns of the terminal, and what may be printed on it. */
export interface Style {
  readonly width: number;
  readonly color: boolean;
  /** Whether lines and arrows may be Unicode's; else they are ASCII's. Default false. */
  readonly unicode?: boolean;
}

/** The colours of a style; every one of them returns its text unchanged where colour is off. */
export function colorsOf(style: Style): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(style.color);
}
