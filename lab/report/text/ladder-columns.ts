import type { Ladder } from '../ladder/ladder.ts';
import type { Note, Rung } from '../ladder/rung.ts';
import { Canvas } from './canvas.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** The columns for times, and the least distance between two lifelines: with less, arrows cannot carry their text. */
const timeWidth = 9;
const leastGap = 30;

/** Whether a ladder fits the width in columns. */
export function fitsColumns({ columns }: Ladder, { width }: Style): boolean {
  return gapOf(columns.length, width) >= leastGap;
}

/** Characters: a lifeline, an arrow's shaft, its heads, its crossing of a firewall, and its stop at a firewall. */
interface Glyphs {
  readonly life: string;
  readonly shaft: string;
  readonly left: string;
  readonly right: string;
  readonly cross: string;
  readonly stop: string;
  readonly none: string;
}

const unicode: Glyphs = { life: '│', shaft: '─', left: '◀', right: '▶', cross: '┼', stop: '╳', none: '?' };
const ascii: Glyphs = { life: '|', shaft: '-', left: '<', right: '>', cross: '+', stop: 'X', none: '?' };

/** The ladder with one column per host: time runs down, arrows go across. */
export function ladderColumns(ladder: Ladder, style: Style): string {
  const glyphs = style.unicode ? unicode : ascii;
  const gap = Math.min(60, gapOf(ladder.columns.length, style.width));
  const lines = ladder.columns.map((_, index) => timeWidth + index * (gap + 1));
  const drawing = new Drawing(new Canvas(), lines, glyphs);
  drawing.heading(ladder);
  for (const { name, outcome, reply, rungs } of ladder.steps) {
    drawing.step(outcome === 'ok' ? name : `${name}: ${outcome}`, outcome === 'ok' ? '' : reply);
    for (const rung of rungs) drawing.rung(rung);
  }
  return drawing.canvas.text(style);
}

function gapOf(columns: number, width: number): number {
  return Math.floor((width - timeWidth - columns) / (columns - 1));
}

class Drawing {
  #row = 0;

  constructor(
    readonly canvas: Canvas,
    /** The column of each lifeline. */
    readonly lines: readonly number[],
    readonly glyphs: Glyphs,
  ) {}

  /** Names above their lifelines, addresses below the names. */
  heading({ columns }: Ladder): void {
    const last = columns.length - 1;
    const put = (text: string, index: number, tone: 'bold' | 'dim') => {
      const line = this.lines[index] ?? 0;
      const shift = index === 0 ? 0 : index === last ? text.length - 1 : Math.floor(text.length / 2);
      this.canvas.put(this.#row, line - shift, text, tone);
    };
    this.canvas.put(this.#row, 0, 'ms'.padStart(timeWidth - 2), 'dim');
    for (const [index, { name }] of columns.entries()) put(name, index, 'bold');
    this.#row++;
    for (const [index, { address }] of columns.entries()) if (address) put(address, index, 'dim');
    this.#row++;
  }

  /** The step's name between the lifelines, with the outcome if it failed. */
  step(title: string, reply: string): void {
    this.#lifelines();
    this.#row++;
    this.#lifelines();
    const [first = 0] = this.lines;
    const room = (this.lines.at(-1) ?? 0) - first - 3;
    const rows = wrap(reply === '' ? title : `${title}: ${reply}`, room).split('\n');
    for (const [index, row] of rows.entries()) {
      if (index > 0) this.#lifelines();
      this.canvas.put(this.#row++, first + 2, row, reply === '' ? 'bold' : 'deny');
    }
  }

  rung(rung: Rung): void {
    const { from, end, notes } = rung;
    const toRight = rung.to > from;
    const [start = 0, stop = 0] = [this.lines[from], this.lines[end]];
    const [left, right] = toRight ? [start, stop] : [stop, start];
    const tone = rung.outcome === 'arrived' ? 'plain' : 'deny';
    this.#lifelines();
    this.canvas.put(this.#row, 0, rung.ms.toFixed(1).padStart(timeWidth - 2), 'dim');
    this.canvas.put(this.#row, left + 1, this.glyphs.shaft.repeat(right - left - 1), tone);
    for (const line of this.lines)
      if (line > left && line < right) this.canvas.put(this.#row, line, this.glyphs.cross, tone);
    const head = toRight ? this.glyphs.right : this.glyphs.left;
    if (rung.outcome === 'arrived') this.canvas.put(this.#row, toRight ? right - 1 : left + 1, head, tone);
    else
      this.canvas.put(
        this.#row,
        stop,
        rung.outcome === 'stopped' ? this.glyphs.stop : this.glyphs.none,
        tone,
      );
    const text = rung.times > 1 ? `${rung.text} (${rung.times} times)` : rung.text;
    const overflow = this.#label(text, left, right, toRight, tone);
    const row = this.#row++;
    for (const more of overflow) {
      this.#lifelines();
      this.canvas.put(this.#row++, left + 4, more, tone);
    }
    this.#notes(notes, rung, row);
  }

  /** Writes text on the arrow, near its start; returns the text that did not fit. */
  #label(text: string, left: number, right: number, toRight: boolean, tone: 'plain' | 'deny'): string[] {
    const room = right - left - 7;
    const [first = '', ...rest] = wrap(text, room).split('\n');
    const column = toRight ? left + 3 : right - 4 - first.length;
    this.canvas.put(this.#row, column, ` ${first} `, tone);
    return rest;
  }

  /**
   * Draws notes to the right of their column's lifeline. A note of the column where the arrow stopped starts on the
   * arrow's own row if that is free.
   */
  #notes(notes: readonly Note[], rung: Rung, row: number): void {
    const free = rung.outcome !== 'arrived' && rung.to > rung.from && this.#row === row + 1;
    const start = this.#row;
    const next = new Map<number, number>(free ? [[rung.end, row]] : []);
    for (const { column, text, tone } of notes) {
      const line = this.lines[column] ?? 0;
      const room = (this.lines[column + 1] ?? line + leastGap) - line - 3;
      for (const part of wrap(text, room).split('\n')) {
        const at = next.get(column) ?? start;
        for (; this.#row <= at; this.#row++) this.#lifelines();
        this.canvas.put(at, line + 2, part, tone);
        next.set(column, at + 1);
      }
    }
  }

  #lifelines(): void {
    for (const line of this.lines) this.canvas.put(this.#row, line, this.glyphs.life, 'dim');
  }
}
