/** A pull request with the example's rules, checked by the steps that GitHub and GitLab would run. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftBehind } from '../cli/left-behind.ts';
import { runGuard } from './run-steps.ts';

const example = (name: string) =>
  fileURLToPath(new URL(`../../examples/pull-request/${name}`, import.meta.url));
const name = 'it-guard';
const inputs = {
  rules: 'gw.rules',
  need: 'y-server/vsftpd',
  options: `--inside eth1\n--outside ppp0\n--name ${name}`,
};

let scratch: string;
/** A clone on the branch of the pull request, as actions/checkout leaves it; its origin has the rules in force. */
let clone: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ftplab-guard-'));
  const origin = join(scratch, 'origin');
  clone = join(scratch, 'clone');
  git(scratch, 'init', '--quiet', '--initial-branch', 'main', 'origin');
  await copyFile(example('before.rules'), join(origin, 'gw.rules'));
  git(origin, 'add', 'gw.rules');
  git(origin, 'commit', '--quiet', '--message', 'The rules in force');
  git(scratch, 'clone', '--quiet', '--depth=1', `file://${origin}`, 'clone');
});

afterAll(async () => {
  expect(await leftBehind(name)).toEqual([]);
  await rm(scratch, { recursive: true });
});

function git(cwd: string, ...args: string[]): string {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  return execFileSync('git', [...author, ...args], { cwd, encoding: 'utf8' });
}

/** Puts rules of the example into the pull request. */
const propose = (file: string) => copyFile(example(file), join(clone, 'gw.rules'));

/** The text of a line of the user's file. */
async function lineOf(number: string | undefined): Promise<string> {
  return (await readFile(join(clone, 'gw.rules'), 'utf8')).split('\n')[Number(number) - 1] ?? '';
}

describe('on GitHub', () => {
  const check = (given = {}) =>
    runGuard(
      'github',
      { ...inputs, engine: process.env.FTPLAB_ENGINE ?? '', ...given },
      { cwd: clone, env: { GITHUB_BASE_REF: 'main' } },
    );

  it('fails on the breaking change, with the line that breaks the uploads', async () => {
    await propose('breaking.rules');
    const { status, output, folder, uses } = await check();
    expect(status).toBe(1);
    const errors = [...output.matchAll(/^::error file=gw\.rules,line=(\d+),title=([^:]*)::/gm)];
    expect(errors.map(([, , title]) => title)).toEqual([
      '2 needed uploads do not work and 10 uploads no longer work',
    ]);
    expect(await lineOf(errors[0]?.[1])).toContain('No high ports outbound (audit 17)');
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toMatch(
      /NOT as asked[\s\S]*gw\.rules, line 21/,
    );
    expect(existsSync(join(folder, 'ftplab/report.html'))).toBe(true);
    expect(uses).toContain('actions/upload-artifact@v4');
  });

  it('passes on the fix, without an annotation', async () => {
    await propose('fixed.rules');
    const { status, output, folder } = await check();
    expect(output).not.toMatch(/^::(?:error|notice)/m);
    expect(status).toBe(0);
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toMatch(/: as asked$/m);
  });

  it('says beside the file why rules could not be tried', async () => {
    await propose('before.rules');
    const { status, output } = await check({ options: '--inside eth1' });
    expect(status).toBe(2);
    expect(output).toMatch(/^::error file=gw\.rules,title=The rules could not be tried::.*interface/m);
  });

  it('runs no words of an input, and heeds no words of the rules', async () => {
    const { status, output } = await check({
      need: '$(touch ran); `touch ran`"; touch ran; \'\n::add-mask::x',
    });
    expect(status).toBe(2);
    expect(existsSync(join(clone, 'ran'))).toBe(false);
    const [, token = ''] = /^::stop-commands::(\S+)$/m.exec(output) ?? [];
    const heeded = output.slice(output.indexOf(`::${token}::`, output.indexOf('stop-commands') + 60));
    expect(heeded).not.toMatch(/^\s*::add-mask/m);
    expect(heeded).toMatch(/^::error /m);
  });
});

describe('on GitLab', () => {
  it('installs nothing that nobody named', async () => {
    const { status, output } = await runGuard('gitlab', inputs, {
      cwd: clone,
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(output).toContain('This job has no ftplab');
    expect(status).toBe(3);
  });

  it('fails on the breaking change, with the line in the code quality report', async () => {
    await propose('breaking.rules');
    const programs = join(scratch, 'bin');
    execFileSync('mkdir', ['-p', programs]);
    await symlink(fileURLToPath(new URL('../../bin/ftplab.js', import.meta.url)), join(programs, 'ftplab'));
    const { status, folder } = await runGuard('gitlab', inputs, {
      cwd: clone,
      env: {
        PATH: `${programs}${delimiter}${process.env.PATH}`,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: git(clone, 'rev-parse', 'HEAD').trim(),
      },
    });
    expect(status).toBe(1);
    const issues = JSON.parse(await readFile(join(folder, 'code-quality.json'), 'utf8')) as {
      severity: string;
      location: { path: string; lines: { begin: number } };
    }[];
    expect(issues).toMatchObject([
      { severity: 'major', location: { path: 'gw.rules', lines: { begin: 21 } } },
    ]);
    expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain(
      '<testsuite name="ftplab" tests="1" failures="1">',
    );
  });
});
