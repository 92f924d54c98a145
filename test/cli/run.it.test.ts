import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../lab/model/run-result.ts';
import { leftBehind } from './left-behind.ts';
import { ftplab, startFtplab } from './run-ftplab.ts';

const name = 'it-d-run';
const own = ['--name', name];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-run-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  const left = await leftBehind(name);
  if (left.length > 0) await ftplab(['down', ...own]);
  expect(left).toEqual([]);
});

describe('ftplab run', () => {
  it('tells the story of the report, writes it as JSON, and leaves nothing', async () => {
    const file = join(folder, 'results.json');
    const patterns = [
      'as-reported/y-server/vsftpd',
      'ftp-filter/y-server/vsftpd',
      'ftp-filter-read-only/y-server/vsftpd',
    ];
    const { status, stdout, stderr } = await ftplab(['run', ...patterns, '--json', file, ...own], {
      env: { COLUMNS: '200' },
    });
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toMatch(/192\.168\.\d+\.10\b/);
    expect(stdout).toMatch(
      /^ {2}login works, upload blocked by isa-y's Default rule \(y-server to vsftpd, pasv: isa-y denied 192\.168\.\d+\.10:\d+ -> [\d.]+:\d+\)$/m,
    );
    expect(stdout).toMatch(/^ftp-filter: .*\n {2}login works, upload works$/m);
    expect(stdout).toMatch(/^ftp-filter-read-only: .*\n {2}login and listing work, upload refused by isa-y/m);
    expect(stdout).toMatch(/^as-reported +\| login login login login$/m);
    expect(stdout).toMatch(/^ftp-filter +\| up +up +up +up$/m);
    expect(stdout).toMatch(/^ftp-filter-read-only +\| list +list +list +list$/m);
    expect(stdout).toMatch(/^12 cells, all as expected\.$/m);
    expect(status).toBe(0);

    const run = JSON.parse(await readFile(file, 'utf8')) as RunResult;
    expect(run.cells.map(({ id }) => id)).toContain('as-reported/y-server/vsftpd/pasv');
    expect(run.cells).toHaveLength(12);
    expect(run.summary).toMatchObject({ cells: 12, asExpected: 12, void: null });
    const reported = run.cells.find(({ id }) => id === 'as-reported/y-server/vsftpd/pasv');
    expect(reported?.verdict).toMatchObject({
      uploaded: false,
      cause: 'data-dropped',
      firewall: 'isa-y',
      rule: 'Default rule',
      packet: { protocol: 'tcp' },
    });
    expect(reported?.steps.find((step) => step.name === 'login')).toMatchObject({ outcome: 'ok' });
  });

  it('writes nothing but the document to standard output for --json -', async () => {
    const { status, stdout } = await ftplab([
      'run',
      'all-closed/y-server/vsftpd/pasv',
      '--json',
      '-',
      ...own,
    ]);
    expect((JSON.parse(stdout) as RunResult).cells).toHaveLength(1);
    expect(status).toBe(0);
  });

  it('has the same results in shards as in one run', async () => {
    const patterns = ['as-reported/y-server/vsftpd', 'ftp-filter/y-server/vsftpd'];
    const at = (file: string) => join(folder, file);
    await ftplab(['up', ...own]);
    for (const [file, ...shard] of [
      ['whole.json'],
      ['2.json', '--shard', '2/2'],
      ['1.json', '--shard', '1/2'],
    ])
      await ftplab(['run', ...patterns, ...shard, '--json', at(file ?? ''), ...own]);
    await ftplab(['down', ...own]);
    const { status, stdout } = await ftplab([
      'report',
      at('2.json'),
      at('1.json'),
      '--json',
      at('merged.json'),
    ]);
    expect(stdout).toMatch(/^8 cells, all as expected\.$/m);
    expect(status).toBe(0);
    const verdicts = async (file: string) =>
      (JSON.parse(await readFile(at(file), 'utf8')) as RunResult).cells.map(
        ({ id, verdict: { packet: _port, sentence: _names, ...verdict }, expected, asExpected }) => ({
          id,
          verdict,
          expected,
          asExpected,
        }),
      );
    expect(await verdicts('merged.json')).toEqual(await verdicts('whole.json'));
  });

  it('cleans up on Ctrl-C and ends with status 130', async () => {
    const { child, ended, saying } = startFtplab(['run', 'as-reported', ...own]);
    await saying(/Trying as-reported/);
    expect(await leftBehind(name)).not.toEqual([]);
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    expect(stderr).toMatch(/Cleaning up/);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(status).toBe(130);
  });

  it('cleans up on Ctrl-C while it is still bringing the lab up', async () => {
    const { child, ended, saying } = startFtplab(['run', ...own]);
    await saying(/Bringing up/);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
  });

  it('leaves at once on a second Ctrl-C and names what is left', async () => {
    const { child, ended, saying } = startFtplab(['run', ...own]);
    await saying(/Trying/);
    child.kill('SIGINT');
    await saying(/Cleaning up/);
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    expect(status).toBe(130);
    // A lab of namespaces may be gone before the second one arrives.
    if ((await leftBehind(name)).length > 0)
      expect(stderr).toContain(
        `The lab '${name}' may still have hosts and networks. Remove them with: ftplab down --name ${name}`,
      );
    expect((await ftplab(['down', ...own])).status).toBe(0);
  });

  it('finishes and cleans up even if nobody reads its output', async () => {
    const { child, ended } = startFtplab(['run', 'all-closed/y-server', ...own]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { status, stderr } = await ended;
    expect(stderr).not.toMatch(/EPIPE/);
    expect(status).toBe(0);
  });
});
