import { expect, it } from 'vitest';
import type { Answer, Result } from './compare.ts';
import { differencesBetween } from './patience.ts';

const up: Answer = {
  uploaded: true,
  cause: 'none',
  firewall: null,
  rule: null,
  failedAt: null,
  sentence: '',
};
const dropped: Answer = {
  ...up,
  uploaded: false,
  cause: 'data-dropped',
  firewall: 'isa-y',
  rule: 'deny',
  failedAt: 'store-small',
};
const answers = (pasv: Answer, port: Answer): Result => ({
  kind: 'answers',
  answers: new Map([
    ['pasv', pasv],
    ['port', port],
  ]),
});

it.each<[string, Result, Result, string[]]>([
  ['the same', answers(up, dropped), answers(up, { ...dropped, sentence: 'in other words' }), []],
  [
    'a false block',
    answers(dropped, up),
    answers(up, up),
    ['pasv: fast: data-dropped at store-small, "deny" on isa-y; patient: up'],
  ],
  [
    'another rule',
    answers(up, dropped),
    answers(up, { ...dropped, rule: 'other' }),
    [
      'port: fast: data-dropped at store-small, "deny" on isa-y; patient: data-dropped at store-small, "other" on isa-y',
    ],
  ],
  [
    'an error',
    answers(up, up),
    { kind: 'error', message: 'no answer within 300 s' },
    ['fast: answers; patient: error'],
  ],
  ['a refusal both ways', { kind: 'refusal', message: 'no' }, { kind: 'refusal', message: 'no' }, []],
])('%s', (_what, fast, patient, lines) => {
  expect(differencesBetween(fast, patient)).toEqual(lines);
});
