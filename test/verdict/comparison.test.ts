import { describe, expect, it } from 'vitest';
import { changeLines } from '../../lab/report/text/comparison.ts';
import { breaksNothing, compareCells } from '../../lab/verdict/comparison.ts';
import { cell } from '../report/fixtures.ts';

const one = (kind: Parameters<typeof cell>[4]) => [cell('r', 'y-server', 'vsftpd', 'pasv', kind)];
const signsOf = (before: Parameters<typeof cell>[4], after: Parameters<typeof cell>[4]) =>
  Object.fromEntries(compareCells(one(before), one(after)).map(({ aspect, sign }) => [aspect, sign]));

describe('a cell under two rule sets', () => {
  it.each([
    ['up', 'up', { login: '=', LIST: '=', STOR: '=', RETR: '=' }, true],
    ['dropped', 'up', { login: '=', LIST: '+', STOR: '+', RETR: '+' }, true],
    ['up', 'dropped', { login: '=', LIST: '-', STOR: '-', RETR: '-' }, false],
    ['dropped', 'read-only', { login: '=', LIST: '+', STOR: '~', RETR: '+' }, true],
    ['read-only', 'dropped', { login: '=', LIST: '-', STOR: '~', RETR: '-' }, false],
    ['control', 'dropped', { login: '+', LIST: '=', STOR: '~', RETR: '=' }, true],
    ['dropped', 'dropped', { login: '=', LIST: '=', STOR: '=', RETR: '=' }, true],
  ] as const)('from %s to %s', (before, after, signs, fine) => {
    expect(signsOf(before, after)).toEqual(signs);
    expect(breaksNothing(compareCells(one(before), one(after)))).toBe(fine);
  });

  it('that could not be decided counts neither as working nor as broken', () => {
    expect(signsOf('dropped', 'inconclusive').STOR).toBe('?');
    expect(breaksNothing(compareCells(one('dropped'), one('inconclusive')))).toBe(false);
  });

  it('is compared only if it was tried under both', () => {
    expect(compareCells(one('up'), [cell('r', 'y-server', 'proftpd', 'pasv', 'up')])).toEqual([]);
  });
});

describe('the lines about changes', () => {
  it('put the worst first, and aspects that change alike together', () => {
    const modes = ['pasv', 'epsv'] as const;
    const before = modes.map((mode) =>
      cell('a', 'y-server', 'vsftpd', mode, mode === 'pasv' ? 'dropped' : 'up'),
    );
    const after = modes.map((mode) =>
      cell('b', 'y-server', 'vsftpd', mode, mode === 'pasv' ? 'up' : 'dropped'),
    );
    const lines = changeLines(compareCells(before, after), {});
    expect(lines.map(({ sign }) => sign)).toEqual(['-', '+', '=']);
    expect(lines.find(({ sign }) => sign === '+')?.text).toBe(
      'LIST, STOR and RETR: works now (1 of 2 cells, in pasv)',
    );
  });
});
