import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin');
const { reasonToInstall } = await import(pathToFileURL(join(bin, 'install-dependencies.js')).href);
const { countsIn } = await import(pathToFileURL(join(bin, 'run-tests.js')).href);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootstrap-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('npm ci', () => {
  type Packages = Record<string, { version?: string; optional?: boolean; dev?: boolean }>;
  const lock: Packages = { '': {}, 'node_modules/a': { version: '1.0.0' } };

  test.each<[string, Packages, Packages | undefined, string | undefined]>([
    ['in a fresh clone', lock, undefined, 'they are not installed'],
    ['with what the lock file says', lock, { 'node_modules/a': { version: '1.0.0' } }, undefined],
    [
      'with another version',
      lock,
      { 'node_modules/a': { version: '1.0.1' } },
      'package-lock.json has changed',
    ],
    ['with a package too few', lock, {}, 'package-lock.json has changed'],
    [
      'with a package too many',
      lock,
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
      'package-lock.json has changed',
    ],
    [
      'without an optional package of another platform',
      { ...lock, 'node_modules/c': { version: '1.0.0', optional: true } },
      { 'node_modules/a': { version: '1.0.0' } },
      undefined,
    ],
  ])('%s', async (_name, locked, installed, reason) => {
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }));
    if (installed) {
      await mkdir(join(folder, 'node_modules'));
      const record = JSON.stringify({ packages: installed });
      await writeFile(join(folder, 'node_modules/.package-lock.json'), record);
    }
    expect(reasonToInstall(folder, { development: true })).toBe(reason);
  });

  test.each([
    [true, 'package-lock.json has changed'],
    [false, undefined],
  ])('without what only development needs, if it is for development: %s', async (development, reason) => {
    const packages = { ...lock, 'node_modules/c': { version: '1.0.0', dev: true } };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: lock }));
    expect(reasonToInstall(folder, { development })).toBe(reason);
  });
});

describe('ftplab', () => {
  test('runs through a symbolic link, from anywhere', async () => {
    await symlink(join(bin, 'ftplab.js'), join(folder, 'ftplab'));
    const { stdout, status } = spawnSync(join(folder, 'ftplab'), ['--version'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), status: 0 });
  });

  test('says what to do where the dependencies are missing', async () => {
    await cp(bin, join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'package-lock.json'), '{}');
    const { stderr, status } = spawnSync(process.execPath, ['bin/ftplab.js', 'run'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe(`ftplab: its dependencies are not installed\nRun "npm ci" in ${folder}/\n`);
    expect(status).toBe(3);
  });
});

/** Runs `script` as the child of a process that does nothing but `run()` it; `exit` is that process' status. */
function runOf(script: string) {
  const runner = `
    import { run } from ${JSON.stringify(pathToFileURL(join(bin, 'run.js')).href)};
    process.exitCode = await run(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', runner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const output = createInterface({ input: parent.stdout });
  const ready = new Promise((resolve) => output.once('line', resolve));
  output.on('line', (line) => lines.push(line));
  const exit = new Promise<number | null>((resolve) => parent.once('exit', resolve));
  return { parent, lines, ready, exit };
}

describe('a clone', () => {
  test('runs what its sources say, also after a change of them', async () => {
    for (const name of ['bin', 'lab', 'scenarios', 'package.json', 'package-lock.json'])
      await cp(join(root, name), join(folder, name), { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    for (const name of (await readdir(join(root, 'node_modules'))).filter((each) => each !== '.cache'))
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    const help = () =>
      spawnSync(process.execPath, ['bin/ftplab.js', 'help'], { cwd: folder, encoding: 'utf8' });
    expect(help()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: ftplab /) });
    const main = join(folder, 'lab/cli/main.ts');
    await writeFile(main, "export const main = async () => { process.stdout.write('changed'); return 7; };");
    expect(help()).toMatchObject({ status: 7, stdout: 'changed' });
  });
});

describe('the program that bootstrap runs', () => {
  test('decides the exit status', async () => {
    const ends = ['process.exit(3)', 'process.kill(process.pid, "SIGTERM")'].map((end) => runOf(end).exit);
    expect(await Promise.all(ends)).toEqual([3, 143]);
  });

  test('gets one signal for one Ctrl-C, however often that arrives, and is waited for', async () => {
    const { parent, lines, ready, exit } = runOf(`
      let count = 0;
      process.on('SIGINT', () => {
        console.log('signal ' + ++count);
        if (count === 2) setTimeout(() => process.exit(130), 200);
      });
      setTimeout(() => {}, 20_000);
      console.log('ready');`);
    await ready;
    parent.kill('SIGINT');
    await delay(30);
    parent.kill('SIGINT');
    await delay(600);
    expect(lines).toEqual(['ready', 'signal 1']);
    parent.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(lines).toEqual(['ready', 'signal 1', 'signal 2']);
  });
});

describe('the last line of npm test', () => {
  const report = { numPassedTests: 4, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
  const failedTest = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const brokenFile = { status: 'failed', assertionResults: [] };

  test.each([
    [{ ...report, testResults: [failedTest] }, '4 passed, 1 failed'],
    [{ ...report, numPendingTests: 2, testResults: [failedTest] }, '4 passed, 1 failed, 2 skipped'],
    [{ ...report, testResults: [failedTest, brokenFile] }, '4 passed, 2 failed'],
  ])('%#', async (results, line) => {
    await writeFile(join(folder, 'vitest.json'), JSON.stringify(results));
    expect(countsIn(join(folder, 'vitest.json'))).toBe(line);
  });

  test('is not there where vitest came to no result', () => {
    expect(countsIn(join(folder, 'vitest.json'))).toBeUndefined();
  });
});
