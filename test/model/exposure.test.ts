import { describe, expect, it } from 'vitest';
import { countOf, difference, isInbound, rangesText, summarize, union } from '../../lab/model/exposure.ts';
import type { PortRange } from '../../lab/network/topology.ts';
import { measured } from '../exposure/fixtures.ts';

describe('ranges of ports', () => {
  it.each<[string, PortRange[][], PortRange[]]>([
    ['nothing', [], []],
    ['one', [[[21, 21]]], [[21, 21]]],
    ['adjacent ones', [[[1, 20]], [[21, 30]]], [[1, 30]]],
    [
      'overlapping ones',
      [
        [
          [10, 30],
          [1, 15],
        ],
      ],
      [[1, 30]],
    ],
    [
      'one within another',
      [
        [
          [1, 100],
          [5, 6],
        ],
        [[50, 60]],
      ],
      [[1, 100]],
    ],
    [
      'ones apart',
      [[[1024, 65535]], [[21, 21]]],
      [
        [21, 21],
        [1024, 65535],
      ],
    ],
  ])('union of %s', (_what, lists, result) => {
    expect(union(...lists)).toEqual(result);
  });

  it.each<[string, PortRange[], PortRange[], PortRange[]]>([
    ['nothing', [[1, 9]], [], [[1, 9]]],
    ['everything', [[1, 9]], [[1, 65535]], []],
    [
      'the middle',
      [[1, 9]],
      [[4, 6]],
      [
        [1, 3],
        [7, 9],
      ],
    ],
    [
      'both ends',
      [[1, 9]],
      [
        [1, 2],
        [8, 20],
      ],
      [[3, 7]],
    ],
    ['others', [[1, 9]], [[10, 20]], [[1, 9]]],
  ])('difference without %s', (_what, from, without, result) => {
    expect(difference(from, without)).toEqual(result);
  });

  it('are counted and written', () => {
    expect(
      countOf([
        [21, 21],
        [1024, 65535],
      ]),
    ).toBe(64513);
    expect(
      rangesText([
        [21, 21],
        [1024, 65535],
      ]),
    ).toBe('21, 1024-65535');
    expect(rangesText([])).toBe('none');
  });
});

describe('the sum of an exposure', () => {
  const rest = { probes: 0, ms: 0, mayVary: false };
  it('counts a port of a line once, whatever the source port', () => {
    const lines = [
      measured('y-server', 'vsftpd', 40000, [[21, 21]]),
      measured('y-server', 'vsftpd', 20, [[21, 22]]),
    ];
    expect(summarize('r', [{ lines, pinholes: [] }], rest).summary).toMatchObject({ ports: 2, inbound: 0 });
  });

  it('counts IPv6 apart, if it was measured', () => {
    const lines = [measured('y-server', 'vsftpd', 40000, [[21, 21]])];
    const over6 = [
      { ...measured('y-server', 'vsftpd', 40000, [[20, 22]]), ipv6: true as const },
      { ...measured('vsftpd', 'y-server', 40000, [[80, 80]]), ipv6: true as const },
    ];
    const parts = [
      { lines, pinholes: [] },
      { lines: over6, pinholes: [], packetTooBig: [] },
    ];
    expect(summarize('r', parts, rest).summary).toMatchObject({
      ports: 1,
      inbound: 0,
      ipv6: { ports: 4, inbound: 1 },
    });
    expect(summarize('r', parts.slice(0, 1), rest).summary).not.toHaveProperty('ipv6');
  });

  it('counts what leads to X, to Y and to a firewall as inbound', () => {
    const lines = [
      measured('y-server', 'vsftpd', 40000, [[21, 21]]),
      measured('vsftpd', 'y-server', 20, [[1024, 65535]]),
      measured('vsftpd', 'isa-y', 40000, [[22, 22]]),
    ];
    expect(lines.map(isInbound)).toEqual([false, true, true]);
    expect(summarize('r', [{ lines, pinholes: [] }], rest).summary).toMatchObject({
      ports: 64514,
      inbound: 64513,
    });
  });
});
