import type { ChainChange, ChainLine } from '../../policy/chain-changes.ts';
import { colorsOf, type Style } from './style.ts';

/** A line of a change as it is shown: the chain's heading, or a line of the chain with its number. */
export interface ShownLine {
  readonly sign: '@' | ChainLine['sign'];
  readonly text: string;
}

/** How many unchanged lines are shown beside what changes. */
const context = 2;

/** The lines of each chain that change, with their neighbours. Numbers are lines of the later file, of `-` of the former. */
export function ruleChangeLines(changes: readonly ChainChange[]): ShownLine[] {
  return changes.flatMap(({ table, chain, lines }) => {
    const near = (index: number) =>
      lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' ');
    const shown: ShownLine[] = [
      { sign: '@', text: chain === '' ? 'beside the chains' : `table ${table}, chain ${chain}` },
    ];
    const width = Math.max(...lines.map(({ line }) => String(line).length));
    let skipped = false;
    for (const [index, { sign, line, text }] of lines.entries()) {
      const wanted = near(index);
      if (wanted && skipped) shown.push({ sign: ' ', text: `${' '.repeat(width)}  ...` });
      skipped = !wanted && shown.length > 1;
      if (wanted) shown.push({ sign, text: `${String(line).padStart(width)}  ${text}` });
    }
    return shown;
  });
}

/** The same for a terminal: coloured, and long rules are broken at spaces, indented. */
export function ruleChangesText(changes: readonly ChainChange[], style: Style): string {
  const colors = colorsOf(style);
  const paint = { '@': colors.cyan, '+': colors.green, '-': colors.red, ' ': (text: string) => text };
  return ruleChangeLines(changes)
    .flatMap(({ sign, text }) => {
      const start = /^ *\d* */.exec(text)?.[0].length ?? 0;
      const indent = ' '.repeat(start + 4);
      return brokenAtSpaces(`${sign} ${text}`, style.width, indent).map(paint[sign]);
    })
    .join('\n');
}

/** A line as several that are no longer than `width`. Spaces within stay as they are; a word that is too long stays whole. */
function brokenAtSpaces(line: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const least = lines.length === 0 ? indent.length : indent.length + 1;
    const back = rest.lastIndexOf(' ', width);
    const at = back > least ? back : rest.indexOf(' ', width);
    if (at < 0) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest];
}
