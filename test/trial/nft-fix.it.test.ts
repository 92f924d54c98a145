/** The smallest patch to a file of nft rules, proven by loading what it makes of the file. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { fix } from '../../lab/index.ts';

const name = 'it-nft-fix';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-nft-fix-'));
  await mkdir(join(folder, 'sub'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await (await findEngine()).down(name);
});

async function file(path: string, ...lines: string[]): Promise<string> {
  const whole = join(folder, path);
  await writeFile(whole, `${lines.join('\n')}\n`);
  return whole;
}

it('adds a helper to the file, and what it expects to the included file that refuses it', async () => {
  const included = await file(
    'sub/forward.nft',
    'iifname $lan tcp dport 21 accept',
    '# nothing else',
    'log prefix "no: "',
    'drop',
  );
  const path = await file(
    'gw.nft',
    'flush ruleset',
    'define lan = "inside"',
    'table inet fw {',
    '\tchain forward {',
    '\t\ttype filter hook forward priority 0; policy drop;',
    '\t\tct state established accept',
    '\t\tinclude "sub/*.nft"',
    '\t}',
    '}',
  );
  const { patches } = await fix(path, { name, keep: true });
  expect(patches).toMatchObject([{ strategy: 'helper', unmet: [], lost: [], opened: 0, lines: 10 }]);
  const [{ patch, text } = { patch: '', text: '' }] = patches;
  expect(text).toContain('ip saddr 192.168.20.10 ip daddr 198.51.100.21 tcp dport 21 ct helper set "ftp"');
  const relative = patch.replaceAll(`${folder}/`, '');
  execFileSync('patch', ['-p0'], { cwd: folder, input: relative });
  expect((await readFile(included, 'utf8')).split('\n').slice(0, 3)).toEqual([
    'iifname $lan tcp dport 21 accept',
    'ip saddr 192.168.20.10 ip daddr 198.51.100.21 tcp dport 1024-65535 ct state related ct helper "ftp" accept',
    '# nothing else',
  ]);
  expect(await readFile(path, 'utf8')).toBe(text);
});

it("opens a server's range for FTPS in its own file of commands", async () => {
  const path = await file(
    'server.nft',
    'add table inet filter',
    'add chain inet filter input { type filter hook input priority 0; policy accept; }',
    'add rule inet filter input ct state established accept',
    'add rule inet filter input tcp dport 21 accept',
    'add rule inet filter input meta l4proto tcp drop',
  );
  const need = ['y-workstation/vsftpd-tls/pasv/tls'];
  const { patches } = await fix(path, { on: 'vsftpd', need, name, keep: true });
  expect(patches).toMatchObject([{ strategy: 'range', unmet: [], lost: [], lines: 1 }]);
  expect(patches[0]?.patch).toContain(
    '+add rule inet filter input ip saddr 192.168.20.11 ip daddr 198.51.100.50 tcp dport 32768-60999 ct state new accept\n',
  );
});
