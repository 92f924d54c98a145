import { describe, expect, it } from 'vitest';
import { exposureBars, linesOf } from '../../lab/report/svg/exposure-bars.ts';
import { exposed } from './exposure-fixture.ts';

const narrow = exposed('narrow', [[21, 21]], []);
const wide = exposed('wide', [[21, 21]], [[1024, 65535]]);

/** Start and width of each bar, in thousandths of the whole. */
function bars(html: string): { style: string | undefined; x: number; width: number }[] {
  return [...html.matchAll(/<rect class="([\w-]+)" x="([\d.]+)" width="([\d.]+)"/g)].map(
    ([, style, x, width]) => ({ style, x: Number(x), width: Number(width) }),
  );
}

describe('exposure bars', () => {
  it('use one scale for all rule sets, and set inbound ports apart', () => {
    const [summary = ''] = exposureBars([narrow, wide]).split('<details');
    expect(summary).toContain('1 port, 0 of them inbound');
    expect(summary).toContain('64,513 ports, 64,512 of them inbound');
    const [first, inbound] = bars(summary);
    expect(first).toEqual({ style: 'out-bound', x: 0, width: 4 });
    expect(inbound?.style).toBe('in-bound');
    expect(inbound?.width).toBeCloseTo((1000 * 64512) / 64513, 1);
  });

  it('show the paths on which something gets through under at least one rule set, and no others', () => {
    const html = linesOf([narrow, wide]);
    expect([...html.matchAll(/<th scope="row">([^<]*)</g)].map(([, name]) => name)).toEqual([
      'y-server to vsftpd',
      'vsftpd to y-server',
    ]);
    expect(linesOf([narrow])).not.toContain('vsftpd to y-server');
    expect(html).toContain('narrow: 1 port; wide: 64,513 ports.');
  });

  it('show IPv6 as such', () => {
    const lines = narrow.lines.map((line) => ({ ...line, ipv6: true as const }));
    const summary = { ...narrow.summary, ipv6: { ports: 1, inbound: 0 } };
    const both = { ...narrow, lines: [...narrow.lines, ...lines], packetTooBig: [], summary };
    const html = exposureBars([both, wide]);
    expect(html).toContain('1 port, 0 of them inbound; over IPv6 1 port, 0 of them inbound');
    expect(html).toContain('narrow: 1 port over IPv4, 1 port over IPv6.');
    expect(html).toContain('<li>wide, IPv6 was not measured');
    expect(html).not.toContain('<li>narrow, IPv6');
    expect(linesOf([both, wide])).toMatch(/vsftpd over IPv6<\/th>.*?<td>not measured<\/td>/s);
  });

  it('keep within their chart', () => {
    for (const { x, width } of bars(linesOf([exposed('r', [[65535, 65535]], [[1, 65535]])])))
      expect(x + width).toBeLessThanOrEqual(1000);
  });

  it('are absent if nothing was measured', () => expect(exposureBars([])).toBe(''));

  it('escape names', () => {
    expect(exposureBars([exposed('<img>', [[1, 2]], [])])).not.toContain('<img>');
  });
});
