import { describe, expect, it } from 'vitest';
import { answers } from '../../lab/report/text/answers.ts';
import { differingCells } from '../../lab/report/text/differing-cells.ts';
import { cell, wholeRun } from './fixtures.ts';

const wide = { width: 300, color: false };
const of = (ruleSet: string) => wholeRun().filter((one) => one.ruleSet === ruleSet);
const lines = (...args: Parameters<typeof answers>) => answers(...args).split('\n');

describe('answers', () => {
  it('answers the original report: login works, upload blocked, by which firewall and rule, on which packet', () => {
    const cells = of('as-reported').filter((one) => one.client === 'y-server');
    expect(lines(cells, new Map([['as-reported', 'Does it upload?']]), wide)).toEqual([
      'as-reported: Does it upload?',
      "  login works, upload blocked by isa-y's Default rule " +
        '(y-server to vsftpd, pasv: isa-y denied 192.168.20.10:42344 -> 198.51.100.21:50089)',
    ]);
  });

  it.each([
    ['ftp-filter', ['  login works, upload works']],
    [
      'ftp-filter-read-only',
      ['  login and listing work, upload refused by isa-x\'s and isa-y\'s rule "FTP out"'],
    ],
    [
      'high-ports-outbound',
      [
        '  in pasv and epsv: login works, upload works',
        expect.stringMatching(
          /^ {2}in port and eprt: login works, upload blocked by isa-x's and isa-y's Default rule/,
        ),
      ],
    ],
    [
      'server-range-outbound',
      [
        expect.stringMatching(
          /^ {2}to vsftpd and pure-ftpd; to proftpd in port and eprt: login works, upload blocked/,
        ),
        '  to proftpd in pasv and epsv: login works, upload works',
      ],
    ],
    ['all-closed', [expect.stringMatching(/^ {2}cannot connect, blocked/)]],
  ])('groups the cells of %s', (ruleSet, expected) => {
    expect(lines(of(ruleSet), new Map(), wide).slice(1)).toEqual(expected);
  });

  it("names the firewall that stopped it if it is not the client's own", () => {
    const own = cell('r', 'x-workstation', 'y-server', 'pasv', 'dropped');
    const other = { ...own, mode: 'epsv' as const, verdict: { ...own.verdict, firewall: 'isa-y' as const } };
    const text = answers([own, other], new Map(), wide);
    expect(text).toMatch(/in pasv: .* isa-x's Default rule/);
    expect(text).toMatch(/in epsv: .* isa-y's Default rule/);
  });

  it('names programs only if they differ', () => {
    const by = (driver: 'curl' | 'lftp' | 'tnftp', mode: 'pasv' | 'port', kind: 'up' | 'dropped') => ({
      ...cell('r', 'y-server', 'vsftpd', mode, kind),
      driver,
    });
    const cells = [
      by('curl', 'pasv', 'dropped'),
      by('curl', 'port', 'up'),
      by('lftp', 'pasv', 'dropped'),
      by('lftp', 'port', 'up'),
      by('tnftp', 'pasv', 'up'),
      by('tnftp', 'port', 'up'),
    ];
    expect(lines(cells, new Map(), wide).slice(1)).toEqual([
      expect.stringMatching(
        /^ {2}by curl and lftp in pasv: .*\(y-server to vsftpd, pasv, curl: isa-y denied/,
      ),
      '  by curl and lftp in port; by tnftp: login works, upload works',
    ]);
    expect(lines(cells.slice(0, 4), new Map(), wide).slice(1)).toEqual([
      expect.stringMatching(/^ {2}in pasv: login works, upload blocked/),
      '  in port: login works, upload works',
    ]);
  });

  it('names no place if every cell has the same result', () => {
    const across = cell('all-open', 'x-workstation', 'y-server', 'pasv', 'up');
    expect(lines([...of('all-open'), across], new Map(), wide).slice(1)).toEqual([
      '  login works, upload works',
    ]);
  });

  it('lists what is not as expected separately, and says so', () => {
    const cells = [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'up', 'dropped'),
      cell('r', 'y-server', 'vsftpd', 'epsv', 'up'),
    ];
    expect(lines(cells, new Map(), wide).slice(1)).toEqual([
      '  NOT AS EXPECTED: in pasv: login works, upload works',
      '  in epsv: login works, upload works',
    ]);
  });

  it('never calls an undecided cell blocked', () => {
    const text = answers([cell('r', 'y-server', 'vsftpd', 'pasv', 'inconclusive')], new Map(), wide);
    expect(text).toContain('inconclusive: No firewall reported the data connection.');
    expect(text).not.toContain('blocked');
  });

  it.each([60, 80, 120])('keeps within %i columns', (width) => {
    const questions = new Map([
      ['as-reported', 'Does an upload work if both firewalls allow port 21 and nothing else?'],
    ]);
    for (const line of answers(wholeRun(), questions, { width, color: false }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(width);
  });
});

describe('differingCells', () => {
  it.each([
    [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'up', 'dropped'),
      'expected no upload (data-dropped), but it uploaded',
    ],
    [cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', 'up'), 'expected an upload, got data-dropped'],
    [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', 'control'),
      'cause: expected control-dropped, got data-dropped',
    ],
  ])('gives one paragraph and the command that shows details, case %#', (differing, sentence) => {
    const fine = cell('r', 'y-server', 'vsftpd', 'epsv', 'up');
    expect(differingCells([fine, differing], wide)).toBe(
      `r/y-server/vsftpd/pasv: ${sentence}. ${differing.verdict.sentence}\n  look closer: ftplab explain r/y-server/vsftpd/pasv`,
    );
  });

  it('is empty if everything is as expected', () => expect(differingCells(wholeRun(), wide)).toBe(''));
});

it('blames no firewall for refusing a packet that no rule refused', () => {
  const made = cell('gw', 'y-server', 'vsftpd', 'pasv', 'dropped', null);
  const sentence = 'The data connection fails: rule "hide" on isa-y gives it another source.';
  const verdict = { ...made.verdict, rule: 'hide', astray: 'other-source' as const, sentence };
  const text = answers([{ ...made, verdict }], new Map(), { width: 100, color: false });
  expect(text).toContain(sentence);
  expect(text).not.toMatch(/blocked|denied/);
});
