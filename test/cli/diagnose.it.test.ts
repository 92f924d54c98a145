/** `diagnose`, with and without `--ports`, by URL, run on a client of the lab: in its network, with the rules of a scenario in force. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { type Lab, scenarios, startLab } from '../../lab/index.ts';
import { wayOf } from '../../lab/model/attempt.ts';
import type { DiagnosisResult } from '../../lab/model/result/diagnosis.ts';
import { addressOf, legAddress } from '../../lab/network/address-plan.ts';
import { families } from '../../lab/network/family.ts';
import { ftpAccount, passiveRangeOf, type ServerName, serverNames } from '../../lab/network/topology.ts';
import { startFtplab } from './run-ftplab.ts';

const name = 'it-diagnose';
const client = 'y-workstation';
let lab: Lab;
let by: string[];

/** A container's network can be entered by root, where the engine is on this machine (nsenter(1)). */
const possible = spawnSync('nsenter', ['--net=/proc/self/ns/net', 'true']).status === 0;

beforeAll(async () => {
  lab = await startLab({ name });
  by = ['nsenter', `--net=${await networkOf(client)}`];
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** A host's network namespace, found by a process that is in it. */
async function networkOf(host: string): Promise<string> {
  const engine = await findEngine();
  const { stdout } = await engine.run({ lab: name, host }, ['readlink', '/proc/self/ns/net']);
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const there = processes.find((pid) => link(`/proc/${pid}/ns/net`) === stdout.trim());
  return `/proc/${there}/ns/net`;
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

async function inForce(scenario: string): Promise<void> {
  const found = scenarios.find((each) => each.name === scenario);
  if (!found) throw new Error(`There is no scenario ${scenario}`);
  await lab.load(found.ruleSet);
}

function ftplab(command: string, server: ServerName, ...args: string[]) {
  const url = `ftp://${ftpAccount.user}@${addressOf(lab.plan, server)}`;
  const env = { FTPLAB_PASSWORD: ftpAccount.password };
  return startFtplab([command, url, ...args], { env, by });
}

/** Lines that a command prints in a host of the lab. */
async function linesOf(host: ServerName, ...command: string[]): Promise<string[]> {
  const lines: string[] = [];
  const engine = await findEngine();
  const exec = await engine.open({ lab: name, host }, command, (line) => lines.push(line));
  await exec.closed;
  return lines;
}

describe.skipIf(!possible)('diagnose', () => {
  const table: [scenario: string, server: ServerName, others: string[]][] = [
    ['as-reported', 'vsftpd', ['nat-as-reported', 'one-firewall-fixed']],
    ['ftp-filter-read-only', 'proftpd', []],
    ['nat-as-reported', 'pure-ftpd', []],
    ['all-closed', 'vsftpd', []],
  ];
  it.each(table)('finds %s again by its signature', async (scenario, server, others) => {
    await inForce(scenario);
    const { status, stdout } = await ftplab(
      'diagnose',
      server,
      ...['--mode', 'pasv', '--mode', 'port', '--patience', '2', '--json', '-'],
    ).ended;
    expect(status).toBe(1);
    const diagnosis = JSON.parse(stdout) as DiagnosisResult;
    const found = diagnosis.scenarios.map((each) => each.scenario);
    expect(found).toEqual(expect.arrayContaining([scenario, ...others]));
    expect(diagnosis.scenarios.find((each) => each.scenario === scenario)?.cases).toContainEqual(
      expect.objectContaining({ client, server }),
    );
    expect(diagnosis.left).toEqual([]);
    expect(await linesOf(server, 'ls', ftpAccount.home)).toEqual([ftpAccount.retrieveFile]);
  });

  it.each([
    ['published-without-filter', ['published-on-2121-without-filter'], 'published-with-filter'],
    ['published-read-only', ['ftp-filter-read-only'], 'published-with-filter'],
  ])('finds %s again from outside, at the published address', async (scenario, others, not) => {
    await inForce(scenario);
    const url = `ftp://${ftpAccount.user}@${legAddress(lab.plan, 'isa-y', 'outside')}`;
    const { status, stdout } = await startFtplab(['diagnose', url, '--patience', '2', '--json', '-'], {
      env: { FTPLAB_PASSWORD: ftpAccount.password },
      by: ['nsenter', `--net=${await networkOf('customer')}`],
    }).ended;
    expect(status).toBe(1);
    const { scenarios: found } = JSON.parse(stdout) as DiagnosisResult;
    const names = found.map((each) => each.scenario);
    expect(names).toEqual(expect.arrayContaining([scenario, ...others]));
    expect(names).not.toContain(not);
  });

  it('uploads in every mode if nothing is in the way, and leaves nothing', async () => {
    await inForce('all-open');
    const { status, stdout, stderr } = await ftplab('diagnose', 'pure-ftpd').ended;
    expect(status).toBe(0);
    expect(stderr).toMatch(/Uploads 1 KiB and 1 MiB[\s\S]*isa-ftp-lab-probe-/);
    expect(stdout).toContain('uploads in 4 of 4 transfer modes tried');
    expect(stdout).toMatch(/^ {2}eprt +ok +ok +ok +ok +ok +ok$/m);
    expect(await linesOf('pure-ftpd', 'ls', ftpAccount.home)).toEqual([ftpAccount.retrieveFile]);
  });

  it('calls a server by both versions of IP, and finds the scenario in which they differ', async () => {
    await inForce('ipv6-without-helper');
    const hosts = join(await mkdtemp(join(tmpdir(), 'ftplab-hosts-')), 'hosts');
    const addresses = families.map((family) => addressOf(lab.plan, 'vsftpd', family));
    await writeFile(hosts, addresses.map((address) => `${address} files.example\n`).join(''));
    const named = ['unshare', '-m', 'sh', '-c', `mount --bind ${hosts} /etc/hosts && exec "$@"`, 'sh'];
    const { status, stdout } = await startFtplab(
      ['diagnose', `ftp://${ftpAccount.user}@files.example`, '--patience', '2', '--json', '-'],
      { env: { FTPLAB_PASSWORD: ftpAccount.password }, by: [...by, ...named] },
    ).ended;
    expect(status).toBe(1);
    const { server, modes, scenarios: found } = JSON.parse(stdout) as DiagnosisResult;
    expect([server.address, server.address6]).toEqual(addresses);
    expect(modes.map((mode) => `${wayOf(mode)}: ${mode.verdict.uploaded}`)).toEqual([
      'pasv: true',
      'epsv: true',
      'port: true',
      'eprt: true',
      'epsv/ipv6: false',
      'eprt/ipv6: false',
    ]);
    expect(found[0]?.scenario).toBe('ipv6-without-helper');
  });

  it('removes its probe files when it is interrupted', async () => {
    await inForce('as-reported');
    const files = () => linesOf('vsftpd', 'ls', ftpAccount.home);
    const { child, ended } = ftplab('diagnose', 'vsftpd', '--mode', 'port', '--patience', '5');
    // In active mode the server creates the file before it calls the client, which is in vain here.
    await expect
      .poll(files, { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^isa-ftp-lab-probe-/));
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(await files()).toEqual([ftpAccount.retrieveFile]);
  });
});

describe('ports', () => {
  it.each(serverNames())(
    'of %s lie in the range that it is configured for, and none stays open',
    async (server) => {
      await inForce('all-open');
      const listening = () => linesOf(server, 'ss', '-Htln');
      const before = await listening();
      const asker = server === 'y-server' ? 'x-workstation' : client;
      const { ports, refused, failure } = await lab.askPorts(asker, server, 60);
      expect({ asked: ports.length, refused, failure }).toEqual({ asked: 60, refused: [], failure: null });
      const [first, last] = passiveRangeOf(server);
      expect(ports.filter(({ port }) => port < first || port > last)).toEqual([]);
      expect(ports.every(({ otherHost }) => otherHost === null)).toBe(true);
      await expect.poll(async () => (await listening()).length).toBe(before.length);
    },
  );

  it.skipIf(!possible)('by URL are asked for from where the command runs', async () => {
    await inForce('all-open');
    const { status, stdout } = await ftplab('diagnose', 'proftpd', '--ports', '--count', '20', '--json', '-')
      .ended;
    expect(status).toBe(0);
    const { sample, rules } = JSON.parse(stdout);
    const range = passiveRangeOf('proftpd');
    expect(sample.asked).toBe(20);
    // One sample in a hundred spans so little of the range that no rule for the whole of it is printed.
    expect(sample.known).toContainEqual(expect.objectContaining({ range, inside: 20 }));
    expect(rules[0].range).toEqual(sample.observed);
  });
});
