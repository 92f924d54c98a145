import { expect, it } from 'vitest';
import { inserted, originOf } from '../../../lab/policy/fix/insertions.ts';

const source = 'one\ntwo\nthree\n';

it('puts texts in, those for one place in their order', () => {
  const two = [
    { at: 4, text: 'a\n' },
    { at: 4, text: 'b\n' },
    { at: 14, text: 'end\n' },
  ];
  expect(inserted(source, two)).toBe('one\na\nb\ntwo\nthree\nend\n');
  expect(inserted(source, [])).toBe(source);
});

it.each([
  ['before the first', 'a\n', { at: 4, index: 0 }],
  ['between the two', 'b\n', { at: 4, index: 1 }],
  ['behind both', 'two\n', { at: 4, index: 2 }],
  ['in front of all', 'one\n', { at: 0, index: 0 }],
  ['at a line that was there', 'three\n', { at: 8, index: 2 }],
])('knows where a place was before: %s', (_what, line, expected) => {
  const two = [
    { at: 4, text: 'a\n' },
    { at: 4, text: 'b\n' },
  ];
  const text = inserted(source, two);
  expect(originOf(text.indexOf(line), two)).toEqual(expected);
});
