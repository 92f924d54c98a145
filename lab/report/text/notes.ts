import type { RulesNote } from '../../model/result/note.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Notes that the reader of the verdicts should know, one paragraph each. */
export function notesInWords(notes: readonly RulesNote[], style: Style): string {
  const { bold, red } = colorsOf(style);
  return notes
    .map(({ kind, text }) => {
      const note = wrap(text, style.width, '  ');
      return kind === 'fact' || kind === 'cannot-matter' ? note : bold(red(note));
    })
    .join('\n');
}
