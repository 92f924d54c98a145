import { describe, expect, it } from 'vitest';
import { compareCells } from '../../lab/verdict/comparison.ts';
import { cureFor, cures } from '../../lab/verdict/cures.ts';
import { repeated, triedTwice } from '../../lab/verdict/repeated.ts';
import { cell } from '../report/fixtures.ts';

const up = cell('r', 'y-server', 'vsftpd', 'pasv', 'up');
const dropped = cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped');

describe('a cell that was attempted several times', () => {
  it.each([
    [
      'some',
      [up, dropped, up],
      'data-dropped',
      { made: 3, uploaded: 2 },
      /^2 of 3 attempts uploaded\. .*dropped/,
    ],
    ['none', [dropped, dropped], 'data-dropped', { made: 2, uploaded: 0 }, /^0 of 2 attempts uploaded\. /],
    ['all', [up, up], 'none', { made: 2, uploaded: 2 }, /2 of 2 attempts uploaded\.$/],
  ])('of which %s uploaded', (_what, results, cause, attempts, sentence) => {
    const result = repeated(results);
    expect(result).toMatchObject({ verdict: { cause }, attempts });
    expect(result.verdict.sentence).toMatch(sentence);
  });

  it('is as it was after one attempt', () => {
    expect(repeated([dropped])).toBe(dropped);
  });
});

const of = (kind: Parameters<typeof cell>[4]) => cell('r', 'y-server', 'vsftpd', 'pasv', kind);

describe('a cell that was tried twice', () => {
  it.each(['up', 'dropped', 'read-only'] as const)('is as it came out both times: %s', (kind) => {
    const { verdict, attempts } = triedTwice(of(kind), of(kind));
    expect(verdict).toEqual(of(kind).verdict);
    expect(attempts).toEqual({ made: 2, uploaded: kind === 'up' ? 2 : 0 });
  });

  it.each([
    ['up', 'dropped'],
    ['dropped', 'up'],
    ['dropped', 'read-only'],
  ] as const)('is inconclusive after %s and %s, and says both', (one, other) => {
    const twice = triedTwice(of(one), of(other));
    expect(twice.verdict).toMatchObject({
      uploaded: false,
      cause: 'inconclusive',
      firewall: null,
      rule: null,
    });
    for (const { verdict } of [of(one), of(other)])
      expect(twice.verdict.sentence).toContain(verdict.sentence);
    const changes = compareCells([of('up')], [twice]);
    expect(changes.find(({ aspect }) => aspect === 'STOR')?.sign).toBe('?');
    // Both times the login worked.
    expect(changes.find(({ aspect }) => aspect === 'login')?.sign).toBe('=');
  });

  it('keeps nothing of what proved one of the two', () => {
    const dropped = of('dropped');
    const astray = { ...dropped, verdict: { ...dropped.verdict, astray: 'turned' as const, way: [] } };
    const { verdict } = triedTwice(of('up'), astray);
    expect(verdict).not.toHaveProperty('astray');
    expect(verdict).not.toHaveProperty('way');
    expect(cureFor(verdict)).toBe(cures.inconclusive);
  });
});
