/** The package as a user has it: packed, installed into an empty folder, without the clone and without tsx. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultJson } from '../../lab/report/json.ts';
import { leftBehind } from '../cli/left-behind.ts';
import { examples } from '../docs/examples.ts';
import { runOf, wholeRun } from '../report/fixtures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const lab = 'it-package';

let scratch: string;
/** Where the package is installed, and nothing else but what tests put there. */
let folder: string;

/** What a program printed, and its exit status. */
function run(program: string, ...args: string[]) {
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(program, args, { cwd: folder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    ),
  );
}

const ftplab = (...args: string[]) => run('npx', 'ftplab', ...args);

/** A file in the folder of the package's user. */
const put = (name: string, text: string) => writeFile(join(folder, name), text);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ftplab-package-'));
  folder = join(scratch, 'user');
  await mkdir(folder);
  const packed = await run('npm', 'pack', root, '--pack-destination', scratch);
  expect(packed).toMatchObject({ status: 0 });
  const [file = ''] = (await readdir(scratch)).filter((name) => name.endsWith('.tgz'));
  expect(await run('npm', 'install', '--prefer-offline', '--no-audit', join(scratch, file))).toMatchObject({
    status: 0,
  });
});

afterAll(async () => {
  await ftplab('down', '--name', lab);
  expect(await leftBehind(lab)).toEqual([]);
  await rm(scratch, { recursive: true });
});

describe('the command line', () => {
  it('says its version', async () => {
    expect(await ftplab('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('helps', async () => {
    const { status, stdout } = await ftplab('help');
    expect(stdout).toMatch(/^Usage: ftplab /);
    expect(status).toBe(0);
  });

  it('makes the reports of a run, with the script in the page', async () => {
    await put('run.json', resultJson(runOf(wholeRun())));
    const { status, stdout } = await ftplab(
      'report',
      'run.json',
      '--html',
      'run.html',
      '--summary',
      'run.md',
    );
    expect(stdout).toMatch(/^as-reported +\|/m);
    expect(status).toBe(0);
    expect(await readFile(join(folder, 'run.html'), 'utf8')).toMatch(/<script>\S[^\n]{1000}/);
    expect(await readFile(join(folder, 'run.md'), 'utf8')).toContain('as-reported');
  });

  it('tries a rule set in TypeScript', { timeout: 300_000 }, async () => {
    await put('partners.ts', examples.get('partners.ts') ?? '');
    const only = ['--client', 'y-server', '--server', 'vsftpd', '--mode', 'pasv', '--name', lab];
    const { status, stdout, stderr } = await ftplab('try', 'partners.ts', ...only);
    expect(stdout).toMatch(/^partners +\| up$/m);
    // The images are those of the clone: the same sources, hence the same tags.
    expect(stderr).not.toContain('Building');
    expect(status).toBe(0);
  });
});

describe('a configuration', () => {
  it('is found in the working folder, and its types come with the package', async () => {
    const config = "export default defineConfig({ names: { 'isa-y': 'gw1', 'y-server': 'build01' } });";
    await put('ftplab.config.ts', `import { defineConfig } from 'isa-ftp-lab';\n${config}\n`);
    const { status, stdout, stderr } = await ftplab('status', '--graph', 'mermaid');
    expect(stdout).toContain('"gw1"');
    expect(stderr).toContain('Reading ftplab.config.ts');
    expect(status).toBe(0);
    await rm(join(folder, 'ftplab.config.ts'));
  });
});

describe('the module', () => {
  it('has the types that the documents use', { timeout: 300_000 }, async () => {
    await Promise.all([...examples].map(([name, code]) => put(name, code)));
    await put(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', strict: true },
        files: [...examples.keys()],
      }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(await run(process.execPath, tsc, '--noEmit')).toMatchObject({ stdout: '', status: 0 });
  });

  it.each(['20', '22', '24'])('is imported by plain Node %s', { timeout: 300_000 }, async (major) => {
    await put(
      'own.mjs',
      "import { scenarios } from 'isa-ftp-lab'; console.log(process.version, scenarios.length);",
    );
    const stdout = expect.stringMatching(`^v${major}\\.[\\d.]+ \\d+\n$`);
    expect(await run(await nodeOf(major), 'own.mjs')).toEqual({ status: 0, stdout, stderr: '' });
  });
});

/** The path of Node in that major version: the one that runs this, or npm's. */
async function nodeOf(major: string): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(scratch, `node-${major}`);
  const { stderr, status } = await run(
    'npm',
    'install',
    '--prefer-offline',
    '--prefix',
    prefix,
    `${name}@${major}`,
  );
  expect({ stderr, status }).toMatchObject({ status: 0 });
  return join(prefix, 'node_modules', name, 'bin/node');
}
