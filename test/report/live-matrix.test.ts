import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../lab/model/cell.ts';
import { liveMatrix } from '../../lab/report/text/live-matrix.ts';
import { cell, wholeRun } from './fixtures.ts';

const plain = (width: number) => ({ width, color: false });
const esc = '\u001b';

function drawn(planned: readonly CellResult[], came: readonly CellResult[], width = 80, rows = 24): string[] {
  const soFar = { planned, came: new Map(came.map((one) => [one.id, one])), ms: 3210 };
  return liveMatrix(soFar, plain(width), rows).split('\n');
}

describe('the live matrix', () => {
  const cells = [
    cell('a', 'y-server', 'vsftpd', 'pasv', 'up'),
    cell('a', 'y-server', 'vsftpd', 'epsv', 'dropped'),
    cell('a', 'y-server', 'vsftpd', 'port', 'up', 'dropped'),
    cell('a', 'y-server', 'vsftpd', 'eprt', 'inconclusive', null),
    cell('bb', 'y-server', 'vsftpd', 'pasv', 'up'),
  ];

  it('fills as cells finish, in any order', () => {
    expect(drawn(cells, [])).toEqual(expect.arrayContaining(['0 of 5 cells, 3.2 s', 'a  ....', 'bb .']));
    expect(drawn(cells, [cells[1], cells[4]] as CellResult[])).toEqual(
      expect.arrayContaining(['2 of 5 cells, 3.2 s', 'a  .-..', 'bb #']),
    );
    expect(drawn(cells, cells)).toEqual(
      expect.arrayContaining(['5 of 5 cells, 3.2 s, 1 not as expected', 'a  #-!?', 'bb #']),
    );
  });

  it.each([60, 80, 160])('shows every cell of a whole run within %i columns', (width) => {
    const run = wholeRun();
    const lines = drawn(run, run, width, 60);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const signs = lines.slice(1, -1).map((line) => line.replace(/^\S* +/, ''));
    expect(signs.join('')).toMatch(/^[#-]+$/);
    expect(signs.join('')).toHaveLength(run.length);
  });

  it.each([5, 8, 24])('keeps within %i rows, and shows what differs and what is in progress', (rows) => {
    const run = wholeRun().map((one) =>
      one.id === 'as-reported/y-server/vsftpd/pasv' ? { ...one, asExpected: false } : one,
    );
    const under = run.findIndex((one) => one.ruleSet === 'source-port-20-inbound') + 1;
    const lines = drawn(run, run.slice(0, under), 120, rows);
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.some((line) => /^as-reported .*!/.test(line))).toBe(true);
    expect(lines.some((line) => /^source-port-20-inbound +#?-?\./.test(line))).toBe(true);
  });

  it('uses red only for what differs', () => {
    const red = `${esc}[31m`;
    const text = (came: readonly CellResult[]) =>
      liveMatrix(
        { planned: cells, came: new Map(came.map((one) => [one.id, one])), ms: 0 },
        { width: 80, color: true },
        24,
      );
    expect(text(cells.slice(0, 2))).not.toContain(red);
    expect(text(cells.slice(0, 3))).toContain(`${red}!`);
  });
});
