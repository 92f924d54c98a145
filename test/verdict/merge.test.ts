import { describe, expect, it } from 'vitest';
import { exposureJson } from '../../lab/report/exposure.ts';
import { runJson } from '../../lab/report/json.ts';
import type { CellResult } from '../../lab/verdict/cell.ts';
import { mergeRuns } from '../../lab/verdict/merge.ts';
import { readResult } from '../../lab/verdict/read-result.ts';
import type { RunResult } from '../../lab/verdict/run-result.ts';
import type { Shard } from '../../lab/verdict/shard.ts';
import { exposed } from '../report/exposure-fixture.ts';
import { cell, runOf, wholeRun } from '../report/fixtures.ts';

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

  it('is void where a part is, and says which', () => {
    const broken = named('2.json', sharded(cells.slice(half), { index: 2, count: 2 }, 'all-open failed'));
    expect(mergeRuns([first, broken]).summary.void).toBe('2.json: all-open failed');
  });

  it('takes in what was measured of exposures, each rule set once', () => {
    const measured = exposed('ftp-filter', [[21, 21]], []);
    expect(mergeRuns([first, second], [measured]).exposures).toEqual([measured]);
    expect(() => mergeRuns([first, second], [measured, measured])).toThrow('two exposures of ftp-filter');
  });

  it.each([
    ['a shard is missing', [second], /1\/2 is missing/],
    ['a shard is there twice', [first, first, second], /is in 1\.json and in 1\.json/],
    [
      'shards are of different runs',
      [first, named('3.json', sharded([], { index: 2, count: 3 }))],
      /3\.json is shard 2\/3/,
    ],
    ['only some are shards', [first, named('a.json', runOf([]))], /a\.json is no shard/],
    [
      'two runs have a cell in common',
      [named('a.json', runOf(cells)), named('b.json', runOf(cells))],
      /is in a\.json and in b\.json/,
    ],
  ])('is refused where %s', (_what, runs, message) => {
    expect(() => mergeRuns(runs)).toThrow(message);
  });
});

describe('readResult', () => {
  it('reads what --json writes', () => {
    const run = runOf([cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', null), ...cells]);
    expect(readResult('a.json', runJson(run))).toEqual(run);
  });

  it('reads what exposure --json writes', () => {
    const measured = exposed('ftp-filter', [[21, 21]], []);
    expect(readResult('e.json', exposureJson(measured))).toEqual(measured);
  });

  it.each([
    ['no JSON', 'nonsense', /a\.json is no result of ftplab: .*JSON/],
    ['another version', '{"version":2}', /version/],
    ['another document', '{"version":1,"labs":[]}', /cells/],
    ['an unknown server', runJson(runOf(cells)).replaceAll('"proftpd"', '"iis"'), /cells\.\d+\.server/],
  ])('refuses %s by name', (_what, text, message) => {
    expect(() => readResult('a.json', text)).toThrow(message);
  });
});
