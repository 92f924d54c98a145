import { expect, it } from 'vitest';
import { statusOfRun } from '../../lab/cli/exit-status.ts';
import type { CellResult } from '../../lab/model/cell.ts';
import type { RunResult } from '../../lab/model/run-result.ts';
import { cell, runOf } from '../report/fixtures.ts';

const up = cell('r', 'y-server', 'vsftpd', 'pasv', 'up');
const differing = cell('r', 'y-server', 'vsftpd', 'epsv', 'up', 'dropped');
const blocked = cell('r', 'y-server', 'vsftpd', 'port', 'dropped', null);
const undecided = cell('r', 'y-server', 'vsftpd', 'eprt', 'inconclusive', null);

type Skipped = RunResult['summary']['skipped'];

it('a run that was cut short', () => {
  const { summary } = runOf([up]);
  expect(statusOfRun({ ...runOf([up]), summary: { ...summary, missing: ['r/y-server/vsftpd/port'] } })).toBe(
    1,
  );
});

it.each<[string, readonly CellResult[], string | null, number, Skipped?]>([
  ['all as expected', [up], null, 0],
  ['one not as expected', [up, differing], null, 1],
  ['blocked where nothing is expected', [blocked], null, 0],
  ['undecided where nothing is expected', [blocked, undecided], null, 1],
  ['void', [up], 'the control all-closed failed', 1],
  ['a scenario skipped', [up], null, 1, [{ name: 'tls-refused', reason: 'no payload rewriting' }]],
])('%s', (_what, cells, reason, status, skipped = []) => {
  const phases = { up: 0, cells: 0, down: 0 };
  const summary = { cells: cells.length, asExpected: 0, ms: 0, void: reason, skipped, phases };
  expect(statusOfRun({ ...runOf(cells), summary })).toBe(status);
});
