import { describe, expect, it } from 'vitest';
import { demandsText } from '../../lab/report/text/demands.ts';
import { demanded } from '../../lab/trial/demanded.ts';
import { areMet, judgeDemands } from '../../lab/verdict/demands.ts';
import { cell } from '../report/fixtures.ts';

const cells = [
  cell('r', 'y-server', 'vsftpd', 'pasv', 'up'),
  cell('r', 'y-server', 'vsftpd', 'epsv', 'dropped'),
  cell('r', 'y-server', 'vsftpd', 'port', 'inconclusive'),
];
const [up, dropped, undecided] = ['y-server/vsftpd/pasv', 'y-server/vsftpd/epsv', 'y-server/vsftpd/port'];
const said = (need: string[], forbid: string[]) =>
  demandsText(judgeDemands({ need, forbid }, cells), cells, { width: 400, color: false });

describe('what is asked of rules', () => {
  it.each([
    [[up], [], true],
    [[up], [dropped], true],
    [[dropped], [], false],
    [[undecided], [], false],
    [[], [up], false],
    [[], [undecided], false],
    [['y-server/proftpd/pasv'], [], false],
    [[], ['y-server/proftpd/pasv'], false],
  ])('to need %j and to forbid %j is met: %s', (need, forbid, met) => {
    expect(areMet(judgeDemands({ need, forbid }, cells))).toBe(met);
  });

  it('is told at the end, with the cells that are not as they must be', () => {
    expect(said([up], [dropped])).toBe(
      'Every needed upload works (1 of 1).\nNo forbidden upload works (1 of 1).',
    );
    expect(said([up, dropped], [undecided])).toBe(
      `NEEDED, but does not upload (1 of 2): ${dropped}.\nFORBIDDEN, but not shown to be blocked (1 of 1): ${undecided}.`,
    );
  });

  it('if it is nothing, comes with what the status would have been', () => {
    expect(said([], [])).toMatch(
      /\(--need "\*"\), it would be 1 \(for 2 of 3\); .*"\*"\), 1 \(for 2 of 3\)\./,
    );
  });

  it('is chosen by patterns, among the cells that cross the firewall alone', () => {
    const { need, forbid, attempts } = demanded({ need: ['y-server/vsftpd'], forbid: ['proftpd'] }, 'isa-y');
    expect(need).toEqual(['pasv', 'epsv', 'port', 'eprt'].map((mode) => `y-server/vsftpd/${mode}`));
    expect(forbid).toContain('y-workstation/proftpd/pasv');
    expect(forbid).not.toContain('x-workstation/proftpd/pasv');
    expect(attempts).toHaveLength(need.length + forbid.length);
  });

  it.each([
    [{ need: ['x-workstation/vsftpd'] }, /crosses isa-y alone/],
    [{ need: ['nobody'] }, /No cell matches "nobody"/],
    [{ need: ['*/pasv'], forbid: ['y-server'] }, /both needed and forbidden|No cell/],
    [{ need: ['vsftpd'], forbid: ['y-server'] }, /y-server\/vsftpd\/pasv is both needed and forbidden/],
  ])('is refused if it cannot be meant: %j', (asked, says) => {
    expect(() => demanded(asked, 'isa-y')).toThrow(says);
  });
});
