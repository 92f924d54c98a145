import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../lab/model/cell.ts';
import { mergeRuns, type NamedRun } from '../../lab/model/merge-runs.ts';
import { headed } from '../../lab/model/origin.ts';
import { readResults } from '../../lab/model/result/read.ts';
import { questionsOf, type RunResult, stagedOf } from '../../lab/model/run-result.ts';
import type { Shard } from '../../lab/model/shard.ts';
import { addressPlan, rangeOf } from '../../lab/network/address-plan.ts';
import { resultJson } from '../../lab/report/json.ts';
import { exposed } from '../report/exposure-fixture.ts';
import { runOf, wholeRun } from '../report/fixtures.ts';

const cells = wholeRun();
const half = Math.floor(cells.length / 2);
const named = (file: string, run: RunResult) => ({ file, run });
const sharded = (some: readonly CellResult[], shard: Shard, reason: string | null = null): RunResult => {
  const run = runOf(some, reason);
  return { ...run, summary: { ...run.summary, shard } };
};
const first = named('1.json', sharded(cells.slice(0, half), { index: 1, count: 2 }));
const second = named('2.json', sharded(cells.slice(half), { index: 2, count: 2 }));

describe('merging', () => {
  it.each([
    ['in order', [first, second]],
    ['in any order', [second, first]],
  ])('shards %s gives the whole run', (_how, runs) => {
    const merged = mergeRuns(runs);
    expect(merged.cells).toEqual(cells);
    expect(merged.summary).toEqual({
      ...runOf(cells).summary,
      ms: 10680,
      phases: { up: 2520, cells: 6000, down: 2160 },
    });
  });

  it('leaves a single run as it is', () => {
    const run = runOf(cells);
    expect(mergeRuns([named('a.json', run)])).toEqual(run);
  });

  it('misses the cells that a run was cut short before, unless another run has them', () => {
    const [, ...rest] = cells.slice(half);
    const ids = cells.slice(half).map(({ id }) => id);
    const short = (some: readonly CellResult[]): RunResult => {
      const run = runOf(some);
      return { ...run, summary: { ...run.summary, missing: ids } };
    };
    const start = named('start.json', short(cells.slice(0, half)));
    expect(mergeRuns([start]).summary.missing).toEqual(ids);
    expect(mergeRuns([start, named('rest.json', runOf(rest))]).summary.missing).toEqual([ids[0]]);
    expect(mergeRuns([start, named('all.json', runOf(cells.slice(half)))]).summary).not.toHaveProperty(
      'missing',
    );
  });

  it('is void where a part is, and says which', () => {
    const broken = named('2.json', sharded(cells.slice(half), { index: 2, count: 2 }, 'all-open failed'));
    expect(mergeRuns([first, broken]).summary.void).toBe('2.json: all-open failed');
  });

  it('keeps the setting: all of it at the same addresses, else what does not depend on them', () => {
    const rules = (address: string) => ({ iptables: `-A FORWARD -d ${address} -j DROP\n`, nft: null });
    const at = (slot: number, shard: NamedRun, ...names: string[]): NamedRun => {
      const plan = addressPlan(slot);
      const own = rules(rangeOf(plan, 'y'));
      const ruleSets = names.map((name) => ({
        name,
        question: `${name}?`,
        staged: name === 'web-proxy',
        firewalls: { 'isa-x': own, 'isa-y': own },
      }));
      return { ...shard, run: { ...shard.run, setting: { plan, ruleSets } } };
    };
    const names = (run: RunResult) => run.setting?.ruleSets.map(({ name }) => name);
    const same = mergeRuns([
      at(0, first, 'all-open', 'as-reported'),
      at(0, second, 'as-reported', 'web-proxy'),
    ]);
    expect(names(same)).toEqual(['all-open', 'as-reported', 'web-proxy']);
    expect(same.setting?.plan).toEqual(addressPlan(0));
    expect(same.setting?.ruleSets.every(({ firewalls }) => firewalls !== null)).toBe(true);

    const apart = mergeRuns([
      at(0, first, 'all-open', 'as-reported'),
      at(1, second, 'as-reported', 'web-proxy'),
    ]);
    expect(names(apart)).toEqual(names(same));
    expect(apart.setting?.plan).toBeNull();
    expect(apart.setting?.ruleSets.map(({ firewalls }) => firewalls !== null)).toEqual([true, false, true]);
    expect(stagedOf(apart)).toEqual(new Set(['web-proxy']));
    expect(questionsOf(apart).get('all-open')).toBe('all-open?');
    expect(readResults('merged.json', resultJson(apart))).toEqual([apart]);
  });

  it('takes in what was measured of exposures, each rule set once', () => {
    const exposure = exposed('ftp-filter', [[21, 21]], []);
    const file = { path: 'mine.rules', sha256: 'a'.repeat(64) };
    const measured = { ...headed('exposure', { lab: '1.0.1', engine: null, files: [file] }), ...exposure };
    const merged = mergeRuns([first, second], [measured]);
    expect(merged.exposures).toEqual([exposure]);
    expect(merged).toMatchObject({ lab: '1.0.0, 1.0.1', files: [file], engine: { name: 'docker' } });
    expect(() => mergeRuns([first, second], [measured, measured])).toThrow('two exposures of ftp-filter');
  });

  it.each([
    ['a shard is missing', [second], /1\/2 is missing/],
    ['a shard is there twice', [first, first, second], /is both in 1\.json and in 1\.json/],
    [
      'shards are of different runs',
      [first, named('3.json', sharded([], { index: 2, count: 3 }))],
      /3\.json is shard 2\/3/,
    ],
    ['only some are shards', [first, named('a.json', runOf([]))], /a\.json is not a shard/],
    [
      'two runs have a cell in common',
      [named('a.json', runOf(cells)), named('b.json', runOf(cells))],
      /is both in a\.json and in b\.json/,
    ],
  ])('is refused where %s', (_what, runs, message) => {
    expect(() => mergeRuns(runs)).toThrow(message);
  });
});
