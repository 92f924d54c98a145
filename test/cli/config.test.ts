import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConfig } from '../../lab/cli/config.ts';
import { readConfig } from '../../lab/trial/config-file.ts';
import { ftplab } from './run-main.ts';

/** There is no engine at this address: what is tested ends before one is looked for. */
const env = { DOCKER_HOST: 'tcp://127.0.0.1:1', FTPLAB_ENGINE: 'docker' };

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ftplab-config-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a file below the folder of the tests; returns its path. */
async function put(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

describe('a configuration is found', () => {
  it('in the working folder, or above it up to the root of the repository', async () => {
    const outer = await put('above/ftplab.config.ts', '');
    await mkdir(join(folder, 'above/repository/.git'), { recursive: true });
    const working = join(folder, 'above/repository/rules/gateways');
    await mkdir(working, { recursive: true });
    expect(findConfig(working)).toBeUndefined();
    const root = await put('above/repository/ftplab.config.mjs', '');
    expect(findConfig(working)).toBe(root);
    const nearer = await put('above/repository/rules/ftplab.config.js', '');
    expect(findConfig(working)).toBe(nearer);
    expect(findConfig(join(folder, 'above'))).toBe(outer);
  });

  it('up to the home folder, and elsewhere only in the working folder', async () => {
    await put('home/ftplab.config.ts', '');
    const working = join(folder, 'home/me/rules');
    await mkdir(working, { recursive: true });
    expect(findConfig(working, join(folder, 'home'))).toBe(join(folder, 'home/ftplab.config.ts'));
    expect(findConfig(working, join(folder, 'home/me'))).toBeUndefined();
    expect(findConfig(working, '/nowhere')).toBeUndefined();
  });
});

const ours = `import { defineConfig } from 'isa-ftp-lab';
export default defineConfig({
  names: { 'isa-y': 'gw1', 'y-server': 'build01' },
  rules: 'gw.rules', before: 'as-reported', on: 'gw1', inside: 'eth1', outside: 'eth0=203.0.113.5',
  subnets: { y: '10.1.2.0/24' }, hosts: { build01: '10.1.2.15' },
  need: ['build01/vsftpd/pasv'], engine: 'docker',
});
`;

describe('a configuration', () => {
  it('is a module that names what a command would be told; its paths are relative to it', async () => {
    const file = await put('ours/ftplab.config.ts', ours);
    await put('ours/gw.rules', '*filter\nCOMMIT\n');
    expect(await readConfig(file)).toMatchObject({
      names: { 'isa-y': 'gw1', 'y-server': 'build01' },
      rules: expect.stringMatching(/ours\/gw\.rules$/),
      before: 'as-reported',
      need: ['build01/vsftpd/pasv'],
    });
  });

  it('is what docs/names.md shows', async () => {
    const [, shown = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(await readFile('docs/names.md', 'utf8')) ?? [];
    const file = await put('shown/ftplab.config.ts', shown);
    expect(await readConfig(file)).toMatchObject({ names: { vsftpd: 'ftp.partner.example' } });
  });

  it('gives hosts their names, and a name on the command line holds instead', async () => {
    const file = await put('ours/ftplab.config.ts', ours);
    const configured = await ftplab(['status', '--graph', 'mermaid', '--config', file], { env });
    expect(configured.stdout).toContain('"gw1"');
    expect(configured.stdout).toContain('"build01<br/>');
    expect(configured.stderr).toBe(`Reading ${file}\n`);
    const called = await ftplab(
      ['status', '--graph', 'mermaid', '--config', file, '--call', 'isa-y=fw9', '--quiet'],
      { env },
    );
    expect(called.stdout).toContain('"fw9"');
    expect(called.stdout).toContain('"build01<br/>');
    expect(called.stderr).toBe('');
    const none = await ftplab(['status', '--graph', 'mermaid', '--no-config'], { env });
    expect(none.stdout).toContain('"isa-y"');
  });

  it('gives a command its rules; what is wrong with them is said of that file', async () => {
    const file = await put('empty/ftplab.config.ts', "export default { rules: 'none.rules' };\n");
    for (const command of ['try', 'exposure', 'fix']) {
      const { status, stderr } = await ftplab([command, '--config', file], { env });
      expect(stderr).toMatch(/none\.rules does not exist/);
      expect(status).toBe(2);
    }
  });

  it('may give a subnet and a host one of each version of IP', async () => {
    const text = (address: string) =>
      `export default { rules: 'own.rules', subnets: { external: ['203.0.113.0/24', '2001:db8:bb::/64'] }, hosts: { vsftpd: ['203.0.113.77', '${address}'] } };\n`;
    await put('both/own.rules', '*filter\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n');
    const file = await put('both/ftplab.config.ts', text('2001:db8:bb::77'));
    const { stderr } = await ftplab(['try', '--config', file], { env });
    expect(stderr).not.toMatch(/203\.0\.113|2001:db8/);
    const wrong = await put('both/wrong.config.ts', text('2001:db8:bb::g'));
    const refused = await ftplab(['try', '--config', wrong], { env });
    expect(refused.stderr).toContain('vsftpd cannot have the address "2001:db8:bb::g"');
    expect(refused.status).toBe(2);
  });

  it('needs no file of iptables-save for what it says of such files', async () => {
    const file = await put('ours/ftplab.config.ts', ours);
    const { stderr } = await ftplab(['try', 'as-reported', '--config', file, '--client', 'nobody'], { env });
    expect(stderr).toMatch(/There is no client "nobody"/);
    expect(stderr).toMatch(/There are: x-workstation, build01, y-workstation/);
    const asked = await ftplab(['try', 'as-reported', '--config', file, '--ipset', 'sets'], { env });
    expect(asked.stderr).toMatch(/do not apply to as-reported/);
    expect(asked.status).toBe(2);
  });
});

describe('a configuration is refused with status 2 and its name', () => {
  it.each([
    [
      'an unknown key',
      'export default { nmaes: {} };',
      /has the key "nmaes".*\n.*Did you mean "names"\? There are: names, rules, /,
    ],
    ['a value of another kind', 'export default { need: "y-server" };', /need is "y-server": .*array/],
    ['a subnet that does not exist', 'export default { subnets: { z: "10.0.0.0/8" } };', /subnets/],
    [
      'a host that does not exist',
      "export default { names: { gw: 'gw1' } };",
      /no host "gw".*\n.*There are: isa-x, isa-y, /,
    ],
    [
      'two hosts of one name',
      "export default { names: { 'isa-x': 'gw', 'isa-y': 'gw' } };",
      /is called so too/,
    ],
    ['no default export', 'export const names = {};', /has no default export/],
    ['nothing in it', '', /has no default export/],
    ['nothing exported', "const config = { on: 'isa-y' };", /has no default export\n.*"export default"/],
    [
      'an interface without its address',
      "export default { inside: 'eth1=' };",
      /inside is "eth1=": write an interface/,
    ],
    ['a value that says nothing', "export default { outside: '' };", /outside is "": it says nothing/],
    ['an error', "throw new Error('broken');", /line 1: it throws Error: broken/],
    ['a syntax error', 'export default {', /line 1/],
  ])('%s', async (_what, text, message) => {
    const file = await put('wrong/ftplab.config.ts', text);
    const { status, stderr, stdout } = await ftplab(['status', '--graph', 'dot', '--config', file], { env });
    expect(stderr).toMatch(message);
    expect(stderr).toContain('wrong/ftplab.config.ts');
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('a file that does not exist', async () => {
    const { status, stderr } = await ftplab(['doctor', '--config', join(folder, 'missing.ts')], { env });
    expect(stderr).toMatch(/missing\.ts does not exist/);
    expect(status).toBe(2);
  });
});

describe('--call is refused', () => {
  it.each([
    [['--call', 'isa-y'], /--call isa-y does not say what the host is called/],
    [['--call', 'isa-z=gw'], /no host "isa-z"[\s\S]*There are: isa-x, isa-y/],
    [['--call', 'isa-y=isa-x'], /isa-x is called so in the lab/],
    [['--call', 'isa-y=a', '--call', 'isa-x=a'], /is called so too/],
    [['--call', 'isa-y=../../etc'], /cannot be called/],
  ])('%s', async (words, message) => {
    const { status, stderr } = await ftplab(['try', 'as-reported', ...words], { env });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
