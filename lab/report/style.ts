import picocolors from 'picocolors';

/** How a report is laid out: columns of the terminal, and whether escape codes may be used. */
export interface Style {
  readonly width: number;
  readonly color: boolean;
}

/** The colours of a style; every one of them returns its text unchanged where colour is off. */
export function colorsOf(style: Style): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(style.color);
}
