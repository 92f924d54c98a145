import { colorsOf, type Style } from './style.ts';

export type Tone = 'allow' | 'deny' | 'plain' | 'dim' | 'bold';

/** A grid of coloured characters, on which text can be drawn over lines. */
export class Canvas {
  readonly #rows: { character: string; tone: Tone }[][] = [];

  get height(): number {
    return this.#rows.length;
  }

  /** Writes text from a column on, over whatever is there. */
  put(row: number, column: number, text: string, tone: Tone = 'plain'): void {
    while (this.#rows.length <= row) this.#rows.push([]);
    const cells = this.#rows[row] ?? [];
    while (cells.length < column) cells.push({ character: ' ', tone: 'plain' });
    for (const [index, character] of [...text].entries()) cells[column + index] = { character, tone };
  }

  /** The lines as text, without trailing spaces. */
  text(style: Style): string {
    const colors = colorsOf(style);
    const paint: Record<Tone, (text: string) => string> = {
      allow: colors.green,
      deny: colors.red,
      plain: (text) => text,
      dim: colors.dim,
      bold: colors.bold,
    };
    return this.#rows
      .map((cells) => {
        const last = cells.findLastIndex(({ character }) => character !== ' ');
        const runs: { text: string; tone: Tone }[] = [];
        for (const { character, tone } of cells.slice(0, last + 1)) {
          const run = runs.at(-1);
          if (run?.tone === tone) run.text += character;
          else runs.push({ text: character, tone });
        }
        return runs.map(({ text, tone }) => paint[tone](text)).join('');
      })
      .join('\n');
  }
}
