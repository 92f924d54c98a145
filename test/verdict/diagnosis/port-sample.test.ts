import { describe, expect, it } from 'vitest';
import {
  fittingRange,
  histogram,
  portSample,
  rangesToOpen,
} from '../../../lab/verdict/diagnosis/port-sample.ts';

/** Ports drawn evenly from a range, the same in every run (mulberry32). */
function drawn(first: number, last: number, count: number, seed = 1): { port: number }[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const share = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return { port: first + Math.floor(share * (last - first + 1)) };
  });
}

describe('a sample of ports', () => {
  it.each([
    [1025, 5000, 'Windows 2000/XP/2003, IIS 5 and 6'],
    [32768, 60999, 'Linux'],
    [49152, 65535, 'Windows Vista/2008 and later, macOS, IANA dynamic'],
    [10000, 65535, 'FreeBSD'],
    [1024, 65535, 'any port (default of vsftpd and Pure-FTPd)'],
  ])('of %d-%d is known again', (first, last, name) => {
    for (let seed = 1; seed <= 20; seed++) {
      const sample = portSample(drawn(first, last, 200, seed));
      expect(fittingRange(sample)?.name).toBe(name);
      expect(rangesToOpen(sample).map(({ range }) => range)).toEqual([sample.observed, [first, last]]);
    }
  });

  it('of an unknown range fits no known range', () => {
    const sample = portSample(drawn(50000, 50100, 50));
    expect(fittingRange(sample)).toBeUndefined();
    expect(rangesToOpen(sample).map(({ range }) => range)).toEqual([sample.observed]);
    expect(sample.estimate?.[0]).toBeGreaterThanOrEqual(49995);
    expect(sample.estimate?.[1]).toBeLessThanOrEqual(50105);
  });

  it('does not promise more than it can: the next port is outside no more often than it says', () => {
    const rounds = 2000;
    let outside = 0;
    for (let seed = 1; seed <= rounds; seed++) {
      const ports = drawn(32768, 60999, 11, seed);
      const { observed } = portSample(ports.slice(0, 10));
      const next = ports[10]?.port ?? 0;
      if (next < observed[0] || next > observed[1]) outside++;
    }
    expect(portSample(drawn(32768, 60999, 10)).outsideAtMost).toBeCloseTo(2 / 11);
    // Three standard deviations of a count with that chance.
    expect(outside / rounds).toBeLessThan(2 / 11 + 3 * Math.sqrt(((2 / 11) * (9 / 11)) / rounds));
  });

  it.each([
    ['upwards', Array.from({ length: 20 }, (_, n) => ({ port: 1100 + 3 * n }))],
    ['downwards', Array.from({ length: 20 }, (_, n) => ({ port: 4000 - n }))],
    [
      'upwards and around',
      Array.from({ length: 20 }, (_, n) => ({ port: 1025 + ((3970 + n - 1025) % 3976) })),
    ],
  ])('of a server that counts %s estimates nothing', (_how, ports) => {
    const sample = portSample(ports);
    expect(sample).toMatchObject({ order: 'counting', outsideAtMost: null, estimate: null });
    expect(fittingRange(sample)?.name).toMatch(/Windows 2000/);
  });

  it('of one port says that any other port may follow', () => {
    expect(portSample([{ port: 2000 }])).toMatchObject({
      observed: [2000, 2000],
      outsideAtMost: 1,
      estimate: null,
    });
  });

  it('is counted in equal parts, every port once', () => {
    const ports = drawn(1025, 5000, 100);
    const { observed } = portSample(ports);
    const bars = histogram(ports, observed, 8);
    expect(bars.length).toBeLessThanOrEqual(8);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(100);
    expect(bars.at(0)?.range[0]).toBe(observed[0]);
    expect(bars.at(-1)?.range[1]).toBe(observed[1]);
  });
});
