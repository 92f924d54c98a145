import { describe, expect, it } from 'vitest';
import { resultJson } from '../../lab/report/json.ts';
import { summary } from '../../lab/report/text/summary.ts';
import { cell, runOf as run } from './fixtures.ts';

const style = { width: 80, color: false };

const up = cell('r', 'y-server', 'vsftpd', 'pasv', 'up');
const differing = cell('r', 'y-server', 'vsftpd', 'epsv', 'up', 'dropped');
const blocked = cell('r', 'y-server', 'vsftpd', 'port', 'dropped', null);
const undecided = cell('r', 'y-server', 'vsftpd', 'eprt', 'inconclusive', null);

describe('summary', () => {
  it.each([
    [[up], '1 cell, all as expected.'],
    [[up, differing], '2 cells, 1 not as expected.'],
    [[blocked, undecided], '2 cells, 0 uploaded, 1 blocked, 1 inconclusive.'],
  ])('counts, case %#', (cells, line) => {
    expect(summary(run(cells), style).split('\n')[0]).toBe(line);
  });

  it('gives the times in seconds', () => {
    expect(summary(run([up]), style)).toContain('up 1.3 s, cells 3.0 s, down 1.1 s, total 5.3 s');
  });

  it('says which scenarios this kernel cannot stage, and counts them', () => {
    const result = run([up]);
    const skipped = [{ name: 'control-idle-cut', reason: 'no ct timeout' }];
    const text = summary({ ...result, summary: { ...result.summary, skipped } }, style);
    expect(text).toContain('SKIPPED: control-idle-cut. This kernel cannot stage it: no ct timeout');
    expect(text).toContain('1 cell, 1 scenario skipped, all as expected.');
  });

  it('says first that a run is void, and why', () => {
    expect(summary(run([up], 'all-closed let an upload through'), style).split('\n')[0]).toBe(
      'VOID: all-closed let an upload through',
    );
    expect(summary(run([up], 'all-closed let an upload through'), style)).toContain(
      '1 cell, none of which counts.',
    );
  });
});

describe('resultJson', () => {
  it('writes the result as one document that ends in a line feed', () => {
    const result = run([up, blocked]);
    const text = resultJson(result);
    expect(JSON.parse(text)).toEqual(result);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('has null, not absence, where no packet was refused and where nothing was expected', () => {
    const { cells } = JSON.parse(resultJson(run([up, blocked])));
    expect(cells[0].verdict).toMatchObject({ firewall: null, rule: null, packet: null });
    expect(cells[1]).toMatchObject({ expected: null, asExpected: null });
  });
});
