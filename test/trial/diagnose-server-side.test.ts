import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listeningIn } from '../../lab/attempt/server-machine.ts';
import { diagnoseServerSide } from '../../lab/index.ts';
import { readServerConfig } from '../../lab/trial/server-config.ts';

let folder: string;
const ufw = fileURLToPath(new URL('ufw.rules', import.meta.url));
const files = {
  'vsftpd.conf': 'write_enable=YES\npasv_min_port=50000\npasv_max_port=50100\n',
  'proftpd.conf': 'Include PATH/conf.d/*.conf\nServerName "x"\nDefaultRoot ~\n',
  'conf.d/a.conf': 'PassivePorts 50000 50100\n',
  'conf.d/b.txt': 'PassivePorts 1 2\n',
  'pure/conf/PassivePortRange': '50000 50100\n',
  'pure.conf': 'ChrootEveryone yes\nPassivePortRange 50000 50100\n',
  'pure.command': '/usr/sbin/pure-ftpd -p 50000:50100 -B\n',
} as const;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftplab-server-side-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text.replace('PATH', folder));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a configuration', () => {
  it.each([
    ['vsftpd.conf', 'vsftpd'],
    ['proftpd.conf', 'ProFTPD'],
    ['pure/conf', 'Pure-FTPd'],
    ['pure.conf', 'Pure-FTPd'],
    ['pure.command', 'Pure-FTPd'],
  ])('%s is recognised by what it says', (name, daemon) => {
    const { service } = readServerConfig(at(name), true);
    expect(service).toMatchObject({ daemon, range: { value: [50000, 50100] }, unread: [] });
  });

  it('of another machine is read without what it includes', () => {
    const { service, files: read } = readServerConfig(at('proftpd.conf'), false);
    expect(service.range.value).toBeNull();
    expect(service.unread).toEqual([`${at('proftpd.conf')}:1, Include ${folder}/conf.d/*.conf`]);
    expect(read).toHaveLength(1);
  });
});

it('looks at nothing but the files of another machine', async () => {
  const result = await diagnoseServerSide({
    here: false,
    config: at('vsftpd.conf'),
    rules: ufw,
    seenAt: '203.0.113.9',
  });
  expect(result).toMatchObject({
    machine: false,
    files: [{ path: at('vsftpd.conf') }, { path: ufw }],
    server: { daemon: 'vsftpd', range: [50000, 50100] },
  });
  expect(result.findings.map(({ code }) => code)).toEqual(['related-without-helper', 'announced-unknown']);
  expect(result.findings[0]?.change).toContain('ufw allow 50000:50100/tcp.');
  expect(result.unseen[0]).toMatch(/^the machine itself/);
});

it('finds listening sockets as the kernel prints them', () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0015 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 649 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0849 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 650 1 0000000000000000 100 0 0 10 0
   2: 097100CB:0015 0A6433C6:9C40 01 00000000:00000000 00:00000000 00000000     0        0 651 1 0000000000000000 100 0 0 10 0
`;
  const tcp6 = `   0: 00000000000000000000000000000000:0015 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0000000000000000FFFF0000097100CB:0015 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   2: 00000000000000000000000001000000:0015 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
`;
  expect([...listeningIn(tcp), ...listeningIn(tcp6)]).toEqual([
    { address: '0.0.0.0', port: 21 },
    { address: '127.0.0.1', port: 2121 },
    { address: '0.0.0.0', port: 21 },
    { address: '203.0.113.9', port: 21 },
  ]);
});
