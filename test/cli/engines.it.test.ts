import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { status } from '../../lab/engine/docker/status.ts';
import type { RunResult } from '../../lab/model/run-result.ts';
import { reasonAgainstSecondEngine, SecondEngine } from '../engine/docker/second-engine.ts';
import { terraformOrReason } from '../engine/terraform/terraform-or-reason.ts';
import { leftBehind } from './left-behind.ts';
import { ftplab, startFtplab } from './run-ftplab.ts';

const name = 'it-d-engines';
const own = ['--name', name];

const reason = reasonAgainstSecondEngine();
if (reason) process.stderr.write(`Tests with two engines are skipped: ${reason}\n`);
const terraform = reason === undefined ? await terraformOrReason() : reason;

describe.skipIf(reason !== undefined)(`two engines${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let second: SecondEngine;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    second = await SecondEngine.start(await findDaemon());
    folder = await mkdtemp(join(tmpdir(), 'ftplab-engines-'));
    file = join(folder, 'engines');
    await writeFile(file, `unix:///var/run/docker.sock\n${second.host}  # the other one\n`);
  });
  afterAll(async () => {
    await second?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const left = async () => [
    ...(await leftBehind(`${name}-1`)),
    ...(await status(second.daemon)).map((lab) => lab.name),
  ];

  it('share a run, which comes to one matrix in the order of the scenarios, and leave nothing', async () => {
    const results = join(folder, 'results.json');
    const patterns = [
      'as-reported/y-server/vsftpd',
      'ftp-filter/y-server/vsftpd',
      'nat-ftp-filter/y-server/vsftpd',
    ];
    const {
      status: ended,
      stdout,
      stderr,
    } = await ftplab(['run', '--engines', file, ...patterns, '--json', results, ...own], {
      env: { COLUMNS: '200' },
    });
    expect(stderr).toContain(`${second.host}: Bringing up ${name}-2`);
    expect(stderr).toContain(`unix:///var/run/docker.sock: Bringing up ${name}-1`);
    expect(stdout).toMatch(/^as-reported +\| login login login login$/m);
    expect(stdout).toMatch(/^12 cells, all as expected\.$/m);
    expect(ended).toBe(0);
    const run = JSON.parse(await readFile(results, 'utf8')) as RunResult;
    expect([...new Set(run.cells.map(({ ruleSet }) => ruleSet))]).toEqual(
      ['as-reported', 'ftp-filter', 'nat-ftp-filter'].sort(
        (a, b) => stdout.indexOf(`\n${a}:`) - stdout.indexOf(`\n${b}:`),
      ),
    );
    expect(await left()).toEqual([]);
  });

  it('are both left clean on Ctrl-C', async () => {
    const { child, ended, saying } = startFtplab(['run', '--engines', file, ...own]);
    await saying(/Trying/);
    expect(await left()).toContain(`${name}-2`);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(await left()).toEqual([]);
  });

  it('start nothing where one of them does not answer', async () => {
    const wrong = join(folder, 'wrong');
    await writeFile(wrong, `${second.host}\nunix:///nowhere.sock\n`);
    const { status: ended, stderr } = await ftplab(['run', '--engines', wrong, ...own]);
    expect(stderr).toContain('No Docker engine answers at DOCKER_HOST=unix:///nowhere.sock');
    expect(ended).toBe(3);
    expect(await left()).toEqual([]);
  });

  it('make, run and remove a lab by TLS, whichever makes it', async () => {
    const { host, certificates } = await second.listenByTls();
    const env = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates };
    const kinds = typeof terraform === 'string' ? ['docker'] : ['docker', 'terraform'];
    for (const kind of kinds) {
      const up = await ftplab(['up', '--engine', kind, ...own], { env });
      expect(up).toMatchObject({ status: 0 });
      const run = await ftplab(['run', 'ftp-filter/y-server/vsftpd/pasv', ...own], { env });
      expect(run.stdout).toMatch(/^1 cell, all as expected\.$/m);
      expect((await status(second.daemon)).map((lab) => lab.name)).toEqual([name]);
      expect((await ftplab(['down', '--engine', kind, ...own], { env })).status).toBe(0);
      expect(await left()).toEqual([]);
    }
    const { status: ended, stderr } = await ftplab(['status'], { env: { ...env, DOCKER_CERT_PATH: folder } });
    expect(stderr).toContain('ca.pem');
    expect(ended).toBe(3);
  });
});
