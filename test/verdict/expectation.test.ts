import { describe, expect, it } from 'vitest';
import type { Expectation, Verdict } from '../../lab/model/cell.ts';
import { differences } from '../../lab/verdict/expectation.ts';

const verdict: Verdict = {
  uploaded: false,
  failedAt: 'store-small',
  cause: 'data-dropped',
  firewall: 'isa-y',
  rule: 'Default rule',
  packet: null,
  sentence: '',
};
const steps = [{ name: 'list', outcome: 'failed', reply: '', ms: 1 }] as const;

describe('differences', () => {
  const table: [what: string, expected: Expectation, found: string[]][] = [
    [
      'the same',
      { uploaded: false, cause: 'data-dropped', firewall: 'isa-y', steps: { list: 'failed' } },
      [],
    ],
    [
      'it uploaded although it should not have',
      { uploaded: true, cause: 'none' },
      ['uploaded: expected true, got false', 'cause: expected none, got data-dropped'],
    ],
    [
      'another firewall',
      { uploaded: false, cause: 'data-dropped', firewall: 'isa-x' },
      ['firewall: expected isa-x, got isa-y'],
    ],
    [
      'another step outcome',
      { uploaded: false, cause: 'data-dropped', steps: { list: 'ok' } },
      ['list: expected ok, got failed'],
    ],
    [
      'a step that was not reported',
      { uploaded: false, cause: 'data-dropped', steps: { retrieve: 'ok' } },
      ['retrieve: expected ok, got undefined'],
    ],
  ];
  it.each(table)('%s', (_what, expected, found) => {
    expect(differences(expected, verdict, steps)).toEqual(found);
  });
});
