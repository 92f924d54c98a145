import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '../../../scenarios/index.ts';
import { ftplab } from '../run-ftplab.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];
const installed = (shell: Shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

let folder: string;
const scripts = new Map<Shell, string>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-completion-'));
  await Promise.all(
    shells.map(async (shell) => {
      const { stdout, status } = await ftplab(['completion', shell]);
      expect(status).toBe(0);
      scripts.set(shell, join(folder, shell));
      writeFileSync(join(folder, shell), stdout);
    }),
  );
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a shell offers for the last of the words. */
const offers: Partial<Record<Shell, (words: readonly string[]) => string[]>> = {
  bash: (words) =>
    output('bash', [
      '-c',
      `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ftplab; printf '%s\\n' "\${COMPREPLY[@]}"`,
      scripts.get('bash') ?? '',
      ...words,
    ]),
  fish: (words) =>
    output('fish', ['-c', `source ${scripts.get('fish')}; complete -C '${words.join(' ')}'`]).map(
      (line) => line.split('\t')[0] ?? '',
    ),
};

function output(program: string, args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(shells)('the completion for %s', (shell) => {
  it.skipIf(!installed(shell))('is a script that the shell understands', () => {
    const { status, stderr } = spawnSync(shell, ['-n', scripts.get(shell) ?? ''], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.each(shells.filter((shell) => offers[shell] && installed(shell)))('%s offers', (shell) => {
  it.each<[string, string[], string[]]>([
    ['commands', ['ru'], ['run']],
    ['options of every command', ['--na'], ['--name']],
    ['options', ['run', '--js'], ['--json']],
    ['options after a value', ['--name', 'mine', 'run', '--js'], ['--json']],
    ['hosts', ['shell', 'is'], ['isa-x', 'isa-y']],
    ['firewalls', ['logs', ''], ['isa-x', 'isa-y']],
    ['values of options', ['try', '--mode', 'p'], ['pasv', 'port']],
    ['rule sets', ['try', 'ftp-filter-r'], ['ftp-filter-read-only']],
    ['cells of rules', ['explain', 'x.rules', 'y-server/vsftpd/pas'], ['y-server/vsftpd/pasv']],
    ['causes', ['explain', 'data-dr'], ['data-dropped']],
    [
      'uploads that must not work',
      ['try', 'x.rules', '--forbid', 'y-server/vsftpd/pas'],
      ['y-server/vsftpd/pasv'],
    ],
    ['services', ['report', '--annotate', 'git'], ['github', 'gitlab']],
    ['commands to help with', ['help', 'do'], ['doctor', 'down']],
    [
      'cells',
      ['run', 'ftp-filter/y-server/vsftpd/p'],
      ['ftp-filter/y-server/vsftpd/pasv', 'ftp-filter/y-server/vsftpd/port'],
    ],
  ])('%s', (_what, words, expected) => {
    expect((offers[shell]?.(['ftplab', ...words]) ?? []).sort()).toEqual(expected);
  });

  it('every scenario', () => {
    const offered = offers[shell]?.(['ftplab', 'run', '']) ?? [];
    expect(offered).toEqual(expect.arrayContaining(scenarios.map(({ name }) => name)));
  });
});

describe('cells in bash', () => {
  it('are offered a segment at a time', () => {
    expect(offers.bash?.(['ftplab', 'run', 'as-reported/y'])).toEqual([
      'as-reported/y-server/',
      'as-reported/y-workstation/',
    ]);
  });
});
