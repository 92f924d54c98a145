import type { Ladder, LadderStep } from '../ladder/ladder.ts';
import type { Note, Rung } from '../ladder/rung.ts';
import { wrap } from '../text/wrap.ts';
import { escapeMarkup } from './markup.ts';

/** CSS of {@link ladderSvg}; the colours come from the theme. */
export const ladderStyle = [
  '.ladder text{font:12px ui-monospace,monospace;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}',
  '.ladder .host{font:600 13px system-ui,sans-serif}',
  '.ladder .faint{fill:var(--faint)}',
  '.ladder .allow{fill:var(--good)}',
  '.ladder .deny{fill:var(--bad);font-weight:600}',
  '.ladder .step{font:600 13px system-ui,sans-serif}',
  '.ladder line{stroke:var(--ink);stroke-width:1.3}',
  '.ladder .life{stroke:var(--line);stroke-width:1}',
  '.ladder .life.wall{stroke:var(--wall);stroke-width:3}',
  '.ladder .bad{stroke:var(--bad);stroke-width:1.8}',
  '.ladder .band{fill:var(--panel)}',
  '.ladder path{fill:var(--ink)}',
  '.ladder .cross{fill:none;stroke:var(--bad);stroke-width:2.5}',
].join('');

/* Pixels. */
const timeWidth = 62;
const lineHeight = 16;
const headHeight = 44;
const characterWidth = 7.3;
/** The distance between two lifelines, by their number: an arrow must carry its text. */
const gaps: Readonly<Record<number, number>> = { 2: 620, 3: 370, 4: 290 };

/**
 * A ladder as an SVG element: one lifeline per host, time runs down, arrows go across. `title` is its text for screen
 * readers.
 */
export function ladderSvg(ladder: Ladder, title: string): string {
  const gap = gaps[ladder.columns.length] ?? 260;
  const lines = ladder.columns.map((_column, index) => timeWidth + index * gap);
  const right = (lines.at(-1) ?? 0) + 12;
  const drawing: Drawing = { lines, right, parts: [], y: headHeight };
  for (const step of ladder.steps) drawStep(drawing, step);
  const height = drawing.y + 12;
  return [
    `<svg class="ladder" width="${right + 100}" height="${height}" viewBox="0 0 ${right + 100} ${height}" role="img" aria-label="${escapeMarkup(title)}">`,
    ...ladder.columns.flatMap((column, index) => heading(column, index, drawing, height)),
    ...drawing.parts,
    '</svg>',
  ].join('\n');
}

interface Drawing {
  /** The x position of each lifeline. */
  readonly lines: readonly number[];
  readonly right: number;
  readonly parts: string[];
  y: number;
}

function heading(
  { name, address }: Ladder['columns'][number],
  index: number,
  { lines }: Drawing,
  height: number,
): string[] {
  const x = lines[index] ?? 0;
  const wall = index > 0 && index < lines.length - 1;
  return [
    `<line class="life${wall ? ' wall' : ''}" x1="${x}" x2="${x}" y1="${headHeight - 6}" y2="${height}"/>`,
    text(name, x, 15, 'host', 'middle'),
    ...(address === null ? [] : [text(address, x, 31, 'faint', 'middle')]),
  ];
}

function drawStep(drawing: Drawing, { name, outcome, reply, rungs }: LadderStep): void {
  const title = outcome === 'ok' ? name : `${name}: ${outcome}${reply && `: ${reply}`}`;
  const [left = 0] = drawing.lines;
  const rows = wrap(title, charactersIn(drawing.right - left)).split('\n');
  const height = rows.length * lineHeight + 6;
  drawing.y += 8;
  drawing.parts.push(
    `<rect class="band" x="0" y="${drawing.y}" width="${drawing.right + 100}" height="${height}"/>`,
    ...rows.map((row, index) =>
      text(row, left + 8, drawing.y + 15 + index * lineHeight, outcome === 'ok' ? 'step' : 'step deny'),
    ),
  );
  drawing.y += height;
  for (const rung of rungs) drawRung(drawing, rung);
}

function drawRung(drawing: Drawing, rung: Rung): void {
  const { lines, parts } = drawing;
  const [from = 0, end = 0] = [lines[rung.from], lines[rung.end]];
  const toRight = rung.to > rung.from;
  const words = rung.times > 1 ? `${rung.text} (${rung.times} times)` : rung.text;
  const [first = 0, last = 0] = [lines[0], lines.at(-1)];
  const rows = wrap(words, charactersIn(toRight ? last - from : from - first)).split('\n');
  const bad = rung.outcome !== 'arrived';
  drawing.y += 6;
  for (const row of rows) {
    drawing.y += lineHeight;
    parts.push(
      text(row, toRight ? from + 8 : from - 8, drawing.y - 4, bad ? 'deny' : '', toRight ? 'start' : 'end'),
    );
  }
  drawing.y += 3;
  const y = drawing.y;
  const back = toRight ? -1 : 1;
  parts.push(
    text(rung.ms.toFixed(1), timeWidth - 10, y + 4, 'faint', 'end'),
    `<line${bad ? ' class="bad"' : ''} x1="${from}" x2="${end}" y1="${y}" y2="${y}"${rung.outcome === 'unanswered' ? ' stroke-dasharray="5 4"' : ''}/>`,
    rung.outcome === 'stopped'
      ? `<path class="cross" d="M${end - 6} ${y - 6}l12 12m0 -12l-12 12"/>`
      : `<path d="M${end} ${y}l${9 * back} -4.5v9z"/>`,
  );
  for (const note of rung.notes) drawNote(drawing, note);
  drawing.y += 4;
}

/** Draws a note to the right of its column's lifeline. */
function drawNote(drawing: Drawing, { column, text: words, tone }: Note): void {
  const x = (drawing.lines[column] ?? 0) + 8;
  for (const row of wrap(words, charactersIn(drawing.right + 90 - x)).split('\n')) {
    drawing.y += lineHeight;
    drawing.parts.push(text(row, x, drawing.y - 1, tone === 'plain' ? 'faint' : tone));
  }
}

function charactersIn(width: number): number {
  return Math.max(20, Math.floor((width - 16) / characterWidth));
}

function text(content: string, x: number, y: number, style: string, anchor = 'start'): string {
  const shape = style === '' ? '' : ` class="${style}"`;
  return `<text${shape} x="${x}" y="${y}" text-anchor="${anchor}">${escapeMarkup(content)}</text>`;
}
