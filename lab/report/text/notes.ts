import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What the reader of the verdicts should know, a paragraph each. */
export function notesInWords(notes: readonly string[], style: Style): string {
  const colors = colorsOf(style);
  return notes
    .map((note) => wrap(note, style.width, '  '))
    .map((text) => text.replace(/CAN\s+MATTER/, (words) => colors.bold(colors.red(words))))
    .join('\n');
}
