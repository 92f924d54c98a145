import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../lab/model/cell.ts';
import { lastScreen } from '../../lab/report/text/last-screen.ts';
import { judgeDemands } from '../../lab/verdict/demands.ts';
import { cell, runOf } from './fixtures.ts';

const style = { width: 80, color: false };
const modes = ['pasv', 'epsv', 'port', 'eprt'] as const;
const servers = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;

/** The cells of a rule set without expectations. */
function tried(ruleSet: string, kind: Parameters<typeof cell>[4]): CellResult[] {
  return servers.flatMap((server) =>
    modes.map((mode) => ({
      ...cell(ruleSet, 'y-server', server, mode, kind),
      expected: null,
      asExpected: null,
    })),
  );
}

describe('the last screen of a run', () => {
  const run = runOf([...tried('gw', 'dropped')]);
  const files = [{ path: 'gw.rules', sha256: '0'.repeat(64) }];
  const demands = judgeDemands({ need: ['y-server/vsftpd/pasv'], forbid: [] }, run.cells);
  const text = lastScreen(
    { ...run, files, summary: { ...run.summary, demands } },
    ['r.json', 'r.html'],
    style,
  );

  it.each([
    ['what was asked', /^Asked: /m],
    ['the verdict', /login works, upload blocked by isa-y's Default rule/],
    ['what cures it', /^What cures it:\n {2}data-dropped: /m],
    ['whether it is as needed', /^NEEDED, but does not upload \(1 of 1\): y-server\/vsftpd\/pasv/m],
    ['where the rest is', /^Written: r\.json and r\.html\.$/m],
    [
      'the command that shows one upload',
      /ftplab explain gw\.rules y-server\/vsftpd\/pasv, with the\n {2}same options$/,
    ],
  ])('says %s', (_what, pattern) => {
    expect(text).toMatch(pattern);
  });

  it('has room on 80 by 24, with the shell’s next line', () => {
    const lines = text.split('\n');
    expect(lines.length).toBeLessThan(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names rule sets by what they let through, and those that are not as expected', () => {
    const cells = [
      ...tried('open', 'up'),
      ...tried('closed', 'dropped'),
      ...tried('half', 'up').slice(1),
      ...tried('half', 'dropped').slice(0, 1),
      { ...cell('odd', 'y-server', 'vsftpd', 'pasv', 'dropped'), asExpected: false },
    ];
    const many = lastScreen(runOf(cells), [], style);
    expect(many).toMatch(
      /Every upload works under open\.\n {2}Some uploads work under half\.\n {2}No upload works under closed\.\n {2}NOT AS EXPECTED under odd\./,
    );
    expect(many).toMatch(/ftplab explain odd\/y-server\/vsftpd\/pasv$/);
  });

  it('says that a run was cut short', () => {
    const cut = { ...run, summary: { ...run.summary, missing: ['gw/y-server/vsftpd/pasv'] } };
    expect(lastScreen(cut, [], style)).toMatch(/^CUT SHORT: 1 planned cell/m);
  });
});
