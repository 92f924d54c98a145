import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabStatus } from '../../lab/model/result/status.ts';
import type { RunResult } from '../../lab/model/run-result.ts';
import { leftBehind } from './left-behind.ts';
import { ftplab, startFtplab } from './run-ftplab.ts';

const name = 'it-d-lab';
const own = ['--name', name];

const port21 = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 21 -m comment --comment "FTP out" -j ACCEPT
-A FORWARD -m comment --comment "All the rest" -j DROP
COMMIT
`;

const openRuleSet = `
const all = {
  name: 'Everything',
  action: 'allow',
  protocols: 'all',
  from: [{ kind: 'anywhere' }],
  to: [{ kind: 'anywhere' }],
  sourcePorts: null,
  ftpReadOnly: false,
};
const policy = { networkRule: { name: 'Routed', relation: 'route' }, accessRules: [all] };
export default { name: 'mine', description: 'Lets everything through.', firewalls: { 'isa-x': policy, 'isa-y': policy } };
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-lab-'));
  await writeFile(join(folder, 'port-21.rules'), port21);
  await writeFile(join(folder, 'mine.ts'), openRuleSet);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await ftplab(['down', ...own]);
});

/** One lab for all of them, used in order as a person would. */
describe('looking around in a lab by hand', () => {
  it('up brings it up, and a second up changes nothing', async () => {
    const first = await ftplab(['up', ...own]);
    expect(first.stderr).not.toMatch(/^ {4}at /m);
    expect(first.status).toBe(0);
    const before = await leftBehind(name);
    const again = await ftplab(['up', ...own]);
    expect(again).toMatchObject({ status: 0 });
    expect(again.stdout).toBe(first.stdout);
    expect(await leftBehind(name)).toEqual(before);
  });

  it('status shows its hosts', async () => {
    const { status, stdout } = await ftplab(['status', ...own]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${name}: 9 of 9 hosts running$`, 'm'));
    const json = await ftplab(['status', '--json', '-', ...own]);
    const { labs } = JSON.parse(json.stdout) as { labs: LabStatus[] };
    expect(labs.map((lab) => lab.name)).toEqual([name]);
    expect(labs[0]?.hosts.every(({ state }) => state === 'running')).toBe(true);
  });

  it('shell runs a command in a host and ends with its status', async () => {
    const hostname = await ftplab(['shell', 'y-server', ...own, '--', 'hostname']);
    expect(hostname).toMatchObject({ status: 0, stdout: 'y-server\n' });
    expect((await ftplab(['shell', 'isa-y', ...own, '--', 'sh', '-c', 'exit 7'])).status).toBe(7);
  });

  it('shell passes its input on', async () => {
    const { stdout } = await ftplab(['shell', 'vsftpd', ...own, '--', 'cat'], { input: 'through\n' });
    expect(stdout).toBe('through\n');
  });

  it('try answers for an iptables-save file, and leaves the lab up', async () => {
    const file = join(folder, 'port-21.rules');
    const cells = ['--client', 'y-server', '--server', 'vsftpd'];
    const { status, stdout, stderr } = await ftplab(['try', file, ...cells, ...own], {
      env: { COLUMNS: '200' },
    });
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toMatch(/login works, upload blocked by isa-y's rule "All the rest"/);
    expect(stdout).toMatch(/^4 cells, 0 uploaded, 4 blocked\.$/m);
    expect(status).toBe(0);
    expect(await leftBehind(name)).not.toEqual([]);
  });

  it('try reports rules that do not load, with the tool’s message, and leaves the lab usable', async () => {
    const file = join(folder, 'no-such-match.rules');
    await writeFile(file, '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m nosuchmatch -j ACCEPT\nCOMMIT\n');
    const { status, stderr } = await ftplab(['try', file, '--client', 'y-server', ...own]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/no-such-match\.rules: .*does not load on isa-y: [\s\S]*nosuchmatch/);
    expect((await ftplab(['run', 'ftp-filter/y-server/vsftpd/pasv', ...own])).status).toBe(0);
  });

  it('logs reads like an ISA log and names rule, ends and result code', async () => {
    const { status, stdout } = await ftplab(['logs', 'isa-y', ...own, '--tail', '20'], {
      env: { COLUMNS: '200' },
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^[-0-9]+ [:.0-9]+ Denied Connection .* Unidentified IP Traffic +0xc004000d FWX_E_POLICY_RULES_DENIED +All the rest$/m,
    );
    expect(stdout).toMatch(/^[-0-9]+ [:.0-9]+ Initiated Connection .*:21 +FTP +0x0 ERROR_SUCCESS +FTP out$/m);
    const json = await ftplab(['logs', 'isa-y', ...own, '--tail', '2', '--json', '-']);
    const entries = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries).toHaveLength(2);
    expect(entries[0]).toHaveProperty('resultCode');
  });

  it('logs --follow shows what happens meanwhile, until interrupted', async () => {
    const following = startFtplab(['logs', 'isa-y', ...own, '--tail', '1', '--follow', '--json', '-']);
    await following.saying(/\n/);
    await ftplab([
      'shell',
      'y-workstation',
      ...own,
      '--',
      'bash',
      '-c',
      'echo > /dev/tcp/vsftpd/1433 & sleep 0.3; kill $!',
    ]);
    await following.saying(/:1433"/);
    following.child.kill('SIGINT');
    expect((await following.ended).status).toBe(130);
  });

  it('try answers for a TypeScript rule set on both firewalls', async () => {
    const file = join(folder, 'mine.ts');
    const json = await ftplab(['try', file, '--mode', 'pasv', '--json', '-', ...own]);
    const run = JSON.parse(json.stdout) as RunResult;
    expect(run.cells.map(({ id, verdict }) => [id, verdict.uploaded])).toContainEqual([
      'mine/x-workstation/y-server/pasv',
      true,
    ]);
    expect(run.cells.every(({ expected, asExpected }) => expected === null && asExpected === null)).toBe(
      true,
    );
    expect(json.status).toBe(0);
  });

  it('down removes it, and a second down is fine', async () => {
    expect((await ftplab(['down', ...own])).stdout).toMatch(/removed 9 hosts and 3 networks/);
    expect(await leftBehind(name)).toEqual([]);
    expect(await ftplab(['down', ...own])).toMatchObject({
      status: 0,
      stdout: `${name}: nothing to remove\n`,
    });
    expect(await ftplab(['logs', 'isa-y', ...own])).toMatchObject({ status: 3, stdout: '' });
  });
});
