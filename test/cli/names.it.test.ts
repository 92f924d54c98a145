/** A user's own gateway, found by the configuration in the working folder: every output and every option has the user's names. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults } from '../../lab/model/result/read.ts';
import { leftBehind } from './left-behind.ts';
import { ftplab as runFtplab } from './run-ftplab.ts';

const name = 'it-names';

const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -i eth1 -o eth0 -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -m comment --comment "y-server may log in" -j ACCEPT
-A FORWARD -m comment --comment "all the rest" -j DROP
COMMIT
`;

const config = `import { defineConfig } from 'isa-ftp-lab';
export default defineConfig({
  names: { 'isa-x': 'gw0', 'isa-y': 'gw1', 'y-server': 'build01', vsftpd: 'ftp.partner.example' },
  rules: 'gw1.rules', on: 'gw1', inside: 'eth1', outside: 'eth0=203.0.113.5',
  subnets: { y: '10.1.2.0/24', external: '203.0.113.0/24' },
  hosts: { build01: '10.1.2.15', 'ftp.partner.example': '203.0.113.77' },
  need: ['build01/ftp.partner.example/pasv'],
});
`;

/** The hosts that have names, as the lab calls them; y-server is in the comment of a rule too. */
const former = /isa-[xy]|y-server(?! may log in)|\bvsftpd\b/g;

let folder: string;
/** Below the folder with the configuration. */
let working: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-names-'));
  await mkdir(join(folder, '.git'));
  working = join(folder, 'tickets');
  await mkdir(working);
  await writeFile(join(folder, 'gw1.rules'), rules);
  await writeFile(join(folder, 'ftplab.config.ts'), config);
});
afterAll(async () => {
  await ftplab('down');
  expect(await leftBehind(name)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

const ftplab = (...args: string[]) => runFtplab(['--name', name, ...args], { cwd: working });

describe('a user with a configuration', () => {
  it('tries the rules that it names, and reads their own names everywhere', async () => {
    const documents = ['--json', 'run.json', '--html', 'run.html', '--summary', 'run.md'];
    const only = ['--client', 'build01', '--server', 'ftp.partner.example'];
    const { status, stdout, stderr } = await ftplab('try', ...only, ...documents, '--keep');
    expect(stderr).toMatch(/^Reading \.\.\/ftplab\.config\.ts\nReading \.\.\/gw1\.rules\n/);
    expect(stdout).toContain('blocked by gw1\'s rule "all the rest", FORWARD line 7');
    expect(stdout).toMatch(/^from build01$/m);
    expect(stdout).toMatch(/NEEDED[^:]*:\s+build01\/ftp\.partner\.example\/pasv/);
    // The user's own text stays as it is.
    expect(stdout).not.toMatch(former);
    expect(status).toBe(1);

    const json = await readFile(join(working, 'run.json'), 'utf8');
    const [run] = readResults('run.json', json);
    expect(run).toMatchObject({ names: { 'isa-y': 'gw1', 'y-server': 'build01' } });
    const [cell] = run?.kind === 'run' ? run.cells : [];
    expect(cell).toMatchObject({
      id: 'gw1/y-server/vsftpd/pasv',
      verdict: {
        firewall: 'isa-y',
        sentence: expect.stringMatching(
          /^build01 logs in to ftp\.partner\.example, but rule "all the rest" on gw1 /,
        ),
      },
    });
    const page = await readFile(join(working, 'run.html'), 'utf8');
    expect(page.replaceAll(/<script[\s\S]*?<\/script>/g, '').match(/isa-[xy]|y-server/g)).toBeNull();
    expect(page).toContain('>from build01</span>');
    expect(await readFile(join(working, 'run.md'), 'utf8')).toContain('From **build01**');
  });

  it('shows the document again under its names, whatever the working folder says', async () => {
    const { stdout } = await runFtplab(['report', join(working, 'run.json')], { cwd: tmpdir() });
    expect(stdout).toMatch(/^from build01$/m);
    expect(stdout).not.toMatch(former);
  });

  it('explains a cell by its names, and captures it under them', async () => {
    const { status, stdout } = await ftplab(
      'explain',
      'build01/ftp.partner.example/port',
      '--pcap',
      'packets',
      '--keep',
    );
    expect(stdout).toMatch(/build01 +gw1 +ftp\.partner\.example/);
    expect(stdout).toMatch(/^Rules of gw1 that matched/m);
    expect(stdout).toContain('ALLOW: y-server may log in');
    expect(stdout).not.toMatch(former);
    expect(await readdir(join(working, 'packets'))).toEqual(['gw1_build01_ftp.partner.example_port.pcapng']);
    expect(await readFile(join(working, 'packets/gw1_build01_ftp.partner.example_port.pcapng'))).toSatisfy(
      (file: Buffer) => file.includes('gw1 eth1') && !file.includes('isa-y'),
    );
    expect(status).toBe(0);
  });

  it('finds hosts by their names: the log, a shell, the state of the lab', async () => {
    expect((await ftplab('logs', 'gw1', '--tail', '1')).stdout).toContain('Denied Connection');
    expect((await ftplab('shell', 'build01', '--', 'echo', 'here')).stdout).toContain('here');
    const { stdout } = await ftplab('status');
    expect(stdout).toMatch(/^ {2}build01 .* running .*10\.1\.2\.15/m);
    expect(stdout).not.toMatch(former);
  });

  it('gets a patch for the file, with a proof under these names', async () => {
    const { status, stdout, stderr } = await ftplab('fix', '--write', 'gw1.patch', '--keep');
    expect(stdout).toMatch(/^ {2}build01\/ftp\.partner\.example\/pasv: build01 logs in to/m);
    expect(stdout).toContain('-s 10.1.2.15/32 -d 203.0.113.77/32');
    expect(`${stdout}${stderr}`).not.toMatch(former);
    expect(status).toBe(0);
  });
});
