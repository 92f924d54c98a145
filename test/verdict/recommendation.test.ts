import { describe, expect, it } from 'vitest';
import { isLegitimate } from '../../lab/model/pinhole.ts';
import { atSameLines, dominates, exposureChanges, totals } from '../../lab/verdict/exposure-comparison.ts';
import { rankCandidates } from '../../lab/verdict/recommendation.ts';
import { exposureOf, measured, pinholesOf } from '../exposure/fixtures.ts';
import { cell } from '../report/fixtures.ts';

const to = (server: 'vsftpd' | 'proftpd', ...open: [number, number][]) =>
  measured('y-server', server, 40000, open);

const inwards = (...open: [number, number][]) => measured('vsftpd', 'y-server', 20, open);
const toAny = (...open: [number, number][]) =>
  measured('y-server', 'vsftpd', 40000, open, ['vsftpd', 'proftpd']);
const narrow = exposureOf('narrow', [toAny([21, 21]), inwards()]);
const perServer = exposureOf('per-server', [
  to('vsftpd', [21, 21], [32768, 60999]),
  to('proftpd', [21, 21], [1025, 5000]),
  inwards(),
]);
const wide = exposureOf('wide', [toAny([21, 21], [1024, 65535]), inwards()]);
const inward = exposureOf('inward', [toAny([21, 21]), inwards([1024, 1024])]);

describe('exposures at the same lines', () => {
  it('give a host that the rules do not tell apart what its network has', () => {
    const [narrowly, each, widely] = atSameLines([narrow, perServer, wide]).map(totals);
    expect(narrowly).toEqual({ ports: 2, inbound: 0 });
    expect(each).toEqual({ ports: 28233 + 3977, inbound: 0 });
    expect(widely).toEqual({ ports: 2 * 64513, inbound: 0 });
  });

  it('leave out IPv6 unless it was measured of all', () => {
    const over6 = { ...toAny([21, 22]), ipv6: true as const };
    const both = { ...narrow, lines: [...narrow.lines, over6], packetTooBig: [] };
    expect(atSameLines([both, wide]).map(totals)).toEqual(atSameLines([narrow, wide]).map(totals));
    expect(exposureChanges(narrow, both)).toEqual([]);
    const closed = { ...both, lines: [...narrow.lines, { ...over6, open: [] }] };
    expect(exposureChanges(closed, both)).toMatchObject([
      { line: { to: 'vsftpd', ipv6: true }, opened: [[21, 22]], closed: [] },
    ]);
  });

  it('show what opens and closes', () => {
    expect(exposureChanges(narrow, wide)).toMatchObject([
      { line: { to: 'vsftpd' }, opened: [[1024, 65535]], closed: [] },
    ]);
    expect(exposureChanges(wide, perServer)).toMatchObject([
      {
        line: { to: 'vsftpd' },
        opened: [],
        closed: [
          [1024, 32767],
          [61000, 65535],
        ],
      },
      {
        line: { to: 'proftpd' },
        opened: [],
        closed: [
          [1024, 1024],
          [5001, 65535],
        ],
      },
    ]);
    expect(exposureChanges(narrow, narrow)).toEqual([]);
  });
});

describe('a rule set dominates another', () => {
  it.each([
    ['that opens more', narrow, wide, true],
    ['but not the other way round', wide, narrow, false],
    ['but not itself', narrow, narrow, false],
    ['measured at more hosts', narrow, perServer, true],
    ['but not one that opens less elsewhere', inward, wide, false],
  ])('%s', (_what, one, other, expected) => {
    expect(dominates(one, other)).toBe(expected);
  });

  it('unless its filter can be abused', () => {
    const abused = { ...narrow, pinholes: pinholesOf(() => true) };
    expect(dominates(abused, wide)).toBe(false);
    expect(dominates({ ...narrow, pinholes: pinholesOf(isLegitimate) }, wide)).toBe(true);
  });
});

describe('a recommendation', () => {
  const up = [cell('r', 'y-server', 'vsftpd', 'pasv', 'up')];
  const blocked = [cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped')];
  it('orders what meets the need by what it opens, and marks what is dominated', () => {
    const { fixes, failing } = rankCandidates([
      { name: 'wide', cells: up, exposure: wide },
      { name: 'blocked', cells: blocked, exposure: null },
      { name: 'narrow', cells: up, exposure: narrow },
      { name: 'per-server', cells: up, exposure: perServer },
    ]);
    expect(fixes.map(({ name, dominatedBy }) => [name, dominatedBy])).toEqual([
      ['narrow', null],
      ['per-server', 'narrow'],
      ['wide', 'narrow'],
    ]);
    expect(failing.map(({ name }) => name)).toEqual(['blocked']);
  });

  it('puts a filter that can be abused last', () => {
    const abused = { ...narrow, pinholes: pinholesOf(() => true) };
    const { fixes } = rankCandidates([
      { name: 'abused', cells: up, exposure: abused },
      { name: 'wide', cells: up, exposure: wide },
    ]);
    expect(fixes.map(({ name }) => name)).toEqual(['wide', 'abused']);
  });

  it('may be empty', () => {
    expect(rankCandidates([{ name: 'blocked', cells: blocked, exposure: null }]).fixes).toEqual([]);
  });
});
