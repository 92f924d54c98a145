import { expect, it } from 'vitest';
import { wrap } from '../../lab/report/text/wrap.ts';

it.each([
  ['a short one', 20, '  ', ['a short one']],
  ['one two three four', 12, '  ', ['one two', '  three four']],
  ['  keeps its first indent', 14, '    ', ['  keeps its', '    first', '    indent']],
  ['0123456789abcdef', 10, '', ['0123456789', 'abcdef']],
  ['a 0123456789abcdef', 10, '', ['a', '0123456789', 'abcdef']],
])('wraps %j at %i', (text, width, indent, lines) => {
  expect(wrap(text, width, indent).split('\n')).toEqual(lines);
});
