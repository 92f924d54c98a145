import type { Ladder } from '../ladder/ladder.ts';
import type { Rung } from '../ladder/rung.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const timeWidth = 9;

/** The ladder as a list for narrow terminals: the hosts, then the events. */
export function ladderList({ columns, steps }: Ladder, style: Style): string {
  const colors = colorsOf(style);
  const [client, server] = [columns[0], columns.at(-1)];
  const who = [client, server].map((host) => `${host?.name}${host?.address ? ` ${host.address}` : ''}`);
  const through = columns.slice(1, -1).map(({ name }) => name);
  const heading = `${who.join(' to ')}${through.length > 0 ? `, through ${through.join(' and ')}` : ''}`;
  const blocks = steps.map(({ name, outcome, reply, rungs }) => {
    const title = outcome === 'ok' ? name : `${name}: ${outcome}${reply && `: ${reply}`}`;
    const paint = outcome === 'ok' ? colors.bold : colors.red;
    return [
      paint(wrap(title, style.width, '  ')),
      ...rungs.map((rung) => rungText(rung, columns, style)),
    ].join('\n');
  });
  return [wrap(heading, style.width, '  '), ...blocks].join('\n');
}

function rungText(rung: Rung, columns: Ladder['columns'], style: Style): string {
  const colors = colorsOf(style);
  const toRight = rung.to > rung.from;
  const stopped = rung.outcome === 'stopped' ? 'X' : rung.outcome === 'unanswered' ? '?' : '';
  const arrow = toRight ? `-${stopped || '>'}` : `${stopped || '<'}-`;
  const times = rung.times > 1 ? ` (${rung.times} times)` : '';
  const text = `${arrow} ${rung.text}${times}`;
  const time = rung.ms.toFixed(1).padStart(timeWidth - 2);
  const indent = ' '.repeat(timeWidth + 3);
  const [first = '', ...rest] = wrap(text, style.width - timeWidth, '   ').split('\n');
  const tone = rung.outcome === 'arrived' ? (line: string) => line : colors.red;
  const notes = rung.notes.flatMap(({ column, text: note, tone }) => {
    const paint = { allow: colors.green, deny: colors.red, plain: colors.dim }[tone];
    return wrap(`${columns[column]?.name}: ${note}`, style.width - indent.length, '  ')
      .split('\n')
      .map((line) => indent + paint(line));
  });
  return [
    `${colors.dim(time)}  ${tone(first)}`,
    ...rest.map((line) => ' '.repeat(timeWidth) + tone(line)),
    ...notes,
  ].join('\n');
}
