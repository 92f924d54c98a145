import { describe, expect, it } from 'vitest';
import type { TooBigTest } from '../../lab/model/exposure.ts';
import { changeLines, over6Texts } from '../../lab/report/text/comparison.ts';
import { breaksNothing, compareCells } from '../../lab/verdict/comparison.ts';
import { exposureOf } from '../exposure/fixtures.ts';
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

  it('say which are of IPv6', () => {
    const over6 = (kind: Parameters<typeof cell>[4]) => ({
      ...cell('r', 'y-server', 'vsftpd', 'epsv', kind),
      id: 'r/y-server/vsftpd/epsv/ipv6',
      ipv6: true as const,
    });
    const over4 = cell('r', 'y-server', 'vsftpd', 'epsv', 'up');
    const lines = changeLines(compareCells([over4, over6('dropped')], [over4, over6('up')]), {});
    expect(lines.find(({ sign }) => sign === '+')?.text).toBe(
      'LIST, STOR and RETR: works now (1 of 2 cells, in epsv by IPv6)',
    );
  });
});

describe('what a comparison of ports says of IPv6', () => {
  const reaching = (reachesClient: boolean) => [
    { client: 'y-server', server: 'vsftpd', port: 21, reachesClient, reachesServer: true },
  ];
  const sides = (...packets: (readonly TooBigTest[] | undefined)[]) => {
    const [before, after] = packets.map((packetTooBig) => ({
      exposure: { ...exposureOf('r', []), ...(packetTooBig && { packetTooBig }) },
    }));
    return over6Texts({ before, after } as Parameters<typeof over6Texts>[0]).join(' ');
  };

  it('is that nothing is known, unless it was measured under both', () => {
    expect(sides(undefined, undefined)).toContain('IPv6 was not measured');
    expect(sides(reaching(true), undefined)).toContain('IPv6 was not measured');
    expect(sides(reaching(true), reaching(true))).toBe('');
  });

  it('names where packet too big no longer gets through', () => {
    expect(sides(reaching(true), reaching(false))).toMatch(
      /^Before: .* both ways .* Now: .* STOPPED from vsftpd to y-server\./,
    );
  });
});
