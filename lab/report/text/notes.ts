import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Notes that the reader of the verdicts should know, one paragraph each. */
export function notesInWords(notes: readonly string[], style: Style): string {
  const colors = colorsOf(style);
  return notes
    .map((note) => wrap(note, style.width, '  '))
    .map((text) =>
      text.replace(/CAN\s+MATTER|IS\s+NOT\s+IN\s+FORCE/, (words) => colors.bold(colors.red(words))),
    )
    .join('\n');
}
