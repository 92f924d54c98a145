import { describe, expect, it } from 'vitest';
import { causeTable } from '../../lab/report/text/cause-table.ts';
import { results } from '../../lab/report/text/results.ts';
import { cell } from './fixtures.ts';

const cells = [
  cell('port-without-filter', 'y-workstation', 'vsftpd-port-2121', 'pasv', 'dropped'),
  cell('port-without-filter', 'y-workstation', 'vsftpd', 'pasv', 'up', 'dropped'),
];

describe('the table of causes', () => {
  it('has one line per cell and names each scenario once', () => {
    const lines = causeTable(cells, { width: 160, color: false }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]?.split(/ {2,}/)).toEqual([
      'port-without-filter',
      'y-workstation > vsftpd-port-2121, pasv',
      'login',
      'data-dropped',
      'isa-y: Default rule',
    ]);
    expect(lines[2]?.trim().split(/ {2,}/)).toEqual(['y-workstation > vsftpd, pasv', '!up', 'none']);
  });

  it.each([60, 80])('is a list at a width of %i', (width) => {
    const lines = causeTable(cells, { width, color: false }).split('\n');
    expect(lines[0]).toBe('port-without-filter');
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
      'y-workstation > vsftpd-port-2121, pasv: login, data-dropped by isa-y: Default rule',
    );
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('replaces answers and matrix for scenarios that stage a cause', () => {
    const other = cell('as-reported', 'y-server', 'vsftpd', 'pasv', 'dropped');
    const facts = { questions: new Map(), staged: new Set(['port-without-filter']) };
    const [answers = '', matrix = '', table = '', legend = ''] = results([other, ...cells], facts, {
      width: 160,
      color: false,
    });
    for (const text of [answers, matrix]) {
      expect(text).toContain('as-reported');
      expect(text).not.toContain('port-without-filter');
    }
    expect(table).toBe(causeTable(cells, { width: 160, color: false }));
    expect(legend).toMatch(/^up {5}uploads, bytes intact$/m);
    expect(legend).not.toMatch(/^login/m);
  });

  it('includes controls at servers that only these scenarios have', () => {
    const control = [
      cell('all-closed', 'y-workstation', 'vsftpd', 'pasv', 'control'),
      cell('all-closed', 'y-workstation', 'vsftpd-port-2121', 'pasv', 'control'),
    ];
    const style = { width: 160, color: false };
    const facts = { questions: new Map(), staged: new Set(['port-without-filter']) };
    const [, matrix = '', table = ''] = results([...control, ...cells], facts, style);
    expect(matrix).toMatch(/^all-closed +\| -$/m);
    expect(matrix).not.toContain('vsftpd-port-2121');
    expect(table).toMatch(/^all-closed +y-workstation > vsftpd-port-2121, pasv +- +control-dropped/m);

    const [, alone = ''] = results(control, { ...facts, staged: new Set() }, style);
    expect(alone).toContain('to vsftpd-port-2121');
  });
});
