import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../lab/model/run-result.ts';
import { ftplab } from './run-ftplab.ts';

const name = 'it-k-explain';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-explain-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await ftplab(['down', '--name', name]);
});

const explain = (cell: string, ...options: string[]) =>
  ftplab(['explain', cell, '--name', name, '--keep', ...options], { env: { COLUMNS: '100', LC_ALL: 'C' } });

describe('explain', () => {
  it('draws who said what and where the data connection ended, and captures just that', async () => {
    const json = join(folder, 'cell.json');
    const id = 'as-reported/y-workstation/vsftpd/pasv';
    const { status, stdout } = await explain(id, '--json', json, '--pcap', folder);
    expect(status).toBe(0);
    const rows = stdout.split('\n');
    const at = (pattern: RegExp) => rows.findIndex((row) => pattern.test(row));
    const order = [
      /SYN :\d+ > :21 -.*>\|$/,
      /PASS ###/,
      /-- PASV --/,
      /227 Entering/,
      /SYN :\d+ > :\d+ -+X DROP: Default rule/,
    ];
    const places = order.map(at);
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(stdout).toContain('-m comment --comment "Default rule" -j DROP');
    expect(stdout).toMatch(
      /^data-dropped: y-workstation logs in to vsftpd, but rule "Default rule" on isa-y/m,
    );
    expect(stdout).toMatch(/By itself,\s+basic-ftp waits 30 s/);
    expect(stdout).not.toContain('lab-only');

    const [cell] = (JSON.parse(await readFile(json, 'utf8')) as RunResult).cells;
    const evidence = cell?.evidence;
    const data = evidence?.connections.find(({ purpose }) => purpose === 'data');
    const counted = evidence?.counters?.['isa-y']?.find(({ rule }) => rule.includes('Default rule'));
    // One for each step that needs a data connection, and what was sent again until the lab ended the wait.
    expect(counted?.packets).toBeGreaterThanOrEqual(4);
    expect(data?.packets[0]).toMatchObject({ firewall: 'isa-y', flags: 'SYN', fate: 'refused' });

    const capture = await readFile(join(folder, 'as-reported_y-workstation_vsftpd_pasv.pcapng'));
    expect(capture.readUInt32LE(0)).toBe(0x0a0d0d0a);
    for (const part of ['isa-y inside', 'isa-y outside', 'USER upload', '227 Entering Passive Mode'])
      expect(capture.includes(part)).toBe(true);

    // Documents lead to it from wherever they are.
    expect(cell?.pcap).toBe('as-reported_y-workstation_vsftpd_pasv.pcapng');
    await mkdir(join(folder, 'pages'));
    const html = join(folder, 'pages', 'cell.html');
    expect((await ftplab(['report', json, '--html', html])).status).toBe(0);
    expect(await readFile(html, 'utf8')).toContain(
      '"pcap":"../as-reported_y-workstation_vsftpd_pasv.pcapng"',
    );
  });

  it('shows what address translation makes of both connections, in a cell of no scenario too', async () => {
    const { status, stdout } = await explain('nat-ftp-filter/y-workstation/vsftpd/eprt/curl');
    expect(status).toBe(0);
    expect(stdout.match(/NAT:/g)?.length).toBeGreaterThanOrEqual(2);
    expect(stdout).toMatch(/^uploads: /m);
  });

  it.each([
    ['as-reported/y-server', 'is not a cell'],
    ['as-reportd/y-server/vsftpd/pasv', 'Did you mean "as-reported"'],
    ['as-reported/y-server/vsftpd/pas', 'Did you mean "pasv"'],
    ['as-reported/y-server/vsftpd/epsv/ftplib', 'ftplib has no epsv'],
  ])('refuses %s', async (cell, message) => {
    const { status, stderr } = await explain(cell);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
