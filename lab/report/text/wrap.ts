/**
 * Breaks one paragraph at spaces so that no line is longer than `width`; lines after the first start with `indent`. A
 * word longer than a line is cut.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  const start = /^ */.exec(text)?.[0] ?? '';
  let line = start;
  let empty = true;
  const room = Math.max(width, indent.length + 10);
  for (let word of text.trim().split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > room) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    while (empty && line.length + word.length > room) {
      lines.push(line + word.slice(0, room - line.length));
      word = word.slice(room - line.length);
      line = indent;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}
