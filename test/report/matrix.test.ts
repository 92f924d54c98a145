import { describe, expect, it } from 'vitest';
import { transferModes } from '../../lab/model/attempt.ts';
import { matrix } from '../../lab/report/text/matrix.ts';
import { cell, wholeRun } from './fixtures.ts';

const plain = (width: number) => ({ width, color: false });
const esc = '\u001b';

/** The matrix's rows of one rule set, without the bars. */
function rows(text: string, ruleSet: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.split(/[ |]/)[0] === ruleSet)
    .map((line) => line.split(/[ |]+/).slice(1));
}

describe('matrix', () => {
  it.each([60, 80, 100, 120, 160, 200])('keeps within %i columns', (width) => {
    const run = wholeRun();
    const differing = run.map((one) => (one.ruleSet === 'as-reported' ? { ...one, asExpected: false } : one));
    const alike = run.map((one) => ({ ...one, asExpected: true })).filter((one) => one.server === 'vsftpd');
    for (const cells of [run, differing, alike])
      for (const line of matrix(cells, plain(width)).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it.each([60, 80, 120, 200])('shows every cell at %i columns', (width) => {
    const own = wholeRun().filter((one) => one.client === 'x-workstation' && one.ruleSet === 'as-reported');
    const shown = rows(matrix(own, plain(width)), 'as-reported').flat();
    expect(shown.filter((text) => text !== '')).toEqual(own.map(() => 'login'));
  });

  it('counts what failed uploads left on the servers', () => {
    const of = 1024;
    const left = [0, 0, 500, 1024, null].map((bytes, index) => {
      const made = cell('r', 'y-server', 'vsftpd', transferModes[index % 4] ?? 'pasv', 'dropped');
      return { ...made, verdict: { ...made.verdict, left: { bytes, of } } };
    });
    expect(matrix(left, plain(200))).toContain(
      'on the servers, where uploads failed: nothing (1 cell), an empty file (2 cells), part of the file (1 cell), the whole file (1 cell)',
    );
  });

  it.each([
    ['up', 'up'],
    ['dropped', 'login'],
    ['read-only', 'list'],
    ['control', '-'],
    ['inconclusive', '?login'],
  ] as const)('shows a cell with the result %s as %s', (kind, word) => {
    const text = matrix([cell('r', 'y-server', 'vsftpd', 'pasv', kind)], plain(80));
    expect(rows(text, 'r')).toEqual([[word]]);
  });

  it('marks what differs, and only that', () => {
    const cells = [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'up', 'dropped'),
      cell('r', 'y-server', 'vsftpd', 'epsv', 'dropped'),
      cell('r', 'y-server', 'vsftpd', 'port', 'dropped', null),
    ];
    const text = matrix(cells, plain(80));
    expect(rows(text, 'r')).toEqual([['!up', 'login', 'login']]);
    expect(text).toContain('not as expected');
  });

  it('uses red only for what differs', () => {
    const red = `${esc}[31m`;
    const asExpected = matrix(wholeRun(), { width: 120, color: true });
    const differing = matrix([cell('r', 'y-server', 'vsftpd', 'pasv', 'up', 'dropped')], {
      width: 120,
      color: true,
    });
    expect(asExpected).not.toContain(red);
    expect(differing).toContain(`${red}!up`);
  });

  it('writes no escape codes without colour', () => {
    expect(matrix(wholeRun(), plain(120))).not.toContain(esc);
  });

  it('lets clients with equal results share a table, and no others', () => {
    const equal = [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'up'),
      cell('r', 'y-workstation', 'vsftpd', 'pasv', 'up'),
    ];
    expect(matrix(equal, plain(80))).toContain('from y-server, y-workstation\n');
    const unequal = [equal[0], cell('r', 'y-workstation', 'vsftpd', 'pasv', 'dropped')] as typeof equal;
    expect(matrix(unequal, plain(80)).match(/^from /gm)).toHaveLength(2);
  });

  it('gives other programs and TLS their own tables', () => {
    const usual = cell('r', 'y-server', 'vsftpd', 'pasv', 'up');
    const dropped = cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped');
    const text = matrix(
      [
        { ...dropped, driver: 'lftp' },
        usual,
        { ...usual, driver: 'curl', mode: 'eprt' },
        { ...usual, tls: true },
        { ...usual, client: 'y-workstation' },
      ],
      plain(100),
    );
    const [ofUsual = '', ofOthers = ''] = text.split('\n\n');
    expect(ofUsual).toBe('from y-server, y-workstation\n  | to vsftpd\n  | pasv\nr | up');
    expect(ofOthers).toContain('| to vsftpd (lftp) | to vsftpd (curl) | to vsftpd (TLS)');
    expect(rows(ofOthers, 'r')).toEqual([['login', 'up', 'up']]);
  });

  it('names its servers in full above a single column', () => {
    expect(matrix([cell('r', 'y-server', 'pure-ftpd', 'pasv', 'up')], plain(60))).toMatch(/to pure-ftpd$/m);
  });

  it('is empty without cells', () => expect(matrix([], plain(80))).toBe(''));
});
