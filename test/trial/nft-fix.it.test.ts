/** The smallest patch to a file of nft rules, proven by loading what it makes of the file. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fix } from '../../lab/index.ts';

const name = 'it-nft-fix';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-nft-fix-'));
  await mkdir(join(folder, 'sub'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(path: string, ...lines: string[]): Promise<string> {
  const whole = join(folder, path);
  await writeFile(whole, `${lines.join('\n')}\n`);
  return whole;
}

it('adds a helper to the file, and what it expects to the included file that refuses it', async () => {
  const included = await file(
    'sub/input.nft',
    'iifname $lan tcp dport 21 accept',
    '# nothing else',
    'log prefix "no: "',
    'drop',
  );
  const path = await file(
    'gw.nft',
    'flush ruleset',
    'define lan = "eth0"',
    'table inet fw {',
    '\tchain input {',
    '\t\ttype filter hook input priority 0; policy drop;',
    '\t\tct state established accept',
    '\t\tinclude "sub/*.nft"',
    '\t}',
    '}',
  );
  const { patches } = await fix(path, { on: 'vsftpd', name });
  expect(patches).toMatchObject([{ strategy: 'helper', unmet: [], lost: [], opened: 0, lines: 10 }]);
  const [{ patch, text } = { patch: '', text: '' }] = patches;
  expect(text).toContain('ip daddr 198.51.100.21 tcp dport 21 ct helper set "ftp"');
  const relative = patch.replaceAll(`${folder}/`, '');
  execFileSync('patch', ['-p0'], { cwd: folder, input: relative });
  expect((await readFile(included, 'utf8')).split('\n').slice(0, 3)).toEqual([
    'iifname $lan tcp dport 21 accept',
    'ip daddr 198.51.100.21 tcp dport 1024-65535 ct state related ct helper "ftp" accept',
    '# nothing else',
  ]);
  expect(await readFile(path, 'utf8')).toBe(text);
});
