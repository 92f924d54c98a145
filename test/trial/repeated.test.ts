import { describe, expect, it } from 'vitest';
import { repeated } from '../../lab/trial/repeated.ts';
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
