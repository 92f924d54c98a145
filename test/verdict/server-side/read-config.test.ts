import { describe, expect, it } from 'vitest';
import { readProftpd } from '../../../lab/verdict/server-side/read-proftpd.ts';
import {
  readPureFtpdCommand,
  readPureFtpdFile,
  readPureFtpdFolder,
} from '../../../lab/verdict/server-side/read-pure-ftpd.ts';
import { readVsftpd } from '../../../lab/verdict/server-side/read-vsftpd.ts';

const path = '/etc/ftp.conf';
const text = (...lines: string[]) => `${lines.join('\n')}\n`;
const vsftpd = (...lines: string[]) => readVsftpd({ path, text: text(...lines) });

describe('vsftpd.conf', () => {
  it('as Debian ships it takes no uploads, and any passive port', () => {
    const debian = vsftpd(
      'listen=NO',
      'listen_ipv6=YES',
      'anonymous_enable=NO',
      'local_enable=YES',
      '#write_enable=YES',
      'connect_from_port_20=YES',
      'ssl_enable=NO',
    );
    expect(debian).toMatchObject({
      port: { value: 21, at: null },
      uploads: { value: false, at: null },
      range: { value: null },
      usualRange: [1024, 65535],
      announced: { value: null },
      dataPort: 20,
      tls: { value: 'off' },
    });
  });

  it.each<[string, string[], object]>([
    [
      'the last line of a name',
      ['write_enable=NO', 'write_enable=YES'],
      { uploads: { value: true, at: `${path}:2` } },
    ],
    [
      'a range',
      ['pasv_min_port=50000', 'pasv_max_port=50100'],
      { range: { value: [50000, 50100], at: `${path}:1, ${path}:2` } },
    ],
    ['a range without its end', ['pasv_min_port=50000'], { range: { value: [50000, 65535] } }],
    [
      'a range that ends before it begins',
      ['pasv_min_port=50000', 'pasv_max_port=40000'],
      { range: { value: [50000, 65535] } },
    ],
    ['an address', ['pasv_address=203.0.113.9'], { announced: { value: '203.0.113.9', at: `${path}:1` } }],
    [
      'TLS, which logins then need',
      ['ssl_enable=YES'],
      { tls: { value: 'required' }, tlsReuse: { value: true, at: null } },
    ],
    [
      'TLS on offer',
      ['ssl_enable=YES', 'force_local_logins_ssl=NO', 'require_ssl_reuse=NO'],
      { tls: { value: 'offered' }, tlsReuse: { value: false } },
    ],
    ['a port', ['listen_port=2121'], { port: { value: 2121, at: `${path}:1` } }],
    ['no passive mode', ['pasv_enable=NO'], { passive: { value: false } }],
    [
      'STOR denied',
      ['write_enable=YES', 'cmds_denied=DELE,STOR'],
      { uploads: { value: false, at: `${path}:2` } },
    ],
    [
      'STOR not allowed',
      ['write_enable=YES', 'cmds_allowed=USER,PASS,PASV,RETR'],
      { uploads: { value: false, at: `${path}:2` } },
    ],
    [
      'line ends of Windows',
      ['write_enable=YES\r', 'pasv_address=203.0.113.9\r'],
      { uploads: { value: true }, announced: { value: '203.0.113.9' } },
    ],
    [
      'settings of each user',
      ['user_config_dir=/etc/vsftpd/users'],
      { unread: [`${path}:1, the users' own settings in /etc/vsftpd/users`] },
    ],
  ])('has %s', (_what, lines, expected) => {
    expect(vsftpd(...lines)).toMatchObject(expected);
  });
});

describe('proftpd.conf', () => {
  const main = text(
    '# Debian',
    'Include /etc/proftpd/modules.conf',
    'ServerName "Debian"',
    '<IfModule mod_ident.c>',
    '  IdentLookups off',
    '</IfModule>',
    'Port 21',
    '# PassivePorts 49152 65534',
    'MaxInstances 30',
    '<IfModule !mod_tls.c>',
    '  MasqueradeAddress 192.0.2.1',
    '</IfModule>',
    '<Global>',
    '  PassivePorts 50000 50019',
    '</Global>',
    'Include /etc/proftpd/conf.d/',
    '<VirtualHost 192.0.2.2>',
    '  PassivePorts 1 2',
    '</VirtualHost>',
    '<Directory /srv/in>',
    '  <Limit STOR STOU>',
    '    DenyAll',
    '  </Limit>',
    '</Directory>',
  );
  const tls = {
    path: '/etc/proftpd/conf.d/tls.conf',
    text: text(
      'TLSEngine on',
      'TLSRequired on',
      'TLSOptions NoSessionReuseRequired',
      'masqueradeaddress 203.0.113.9',
    ),
  };

  it('is read for the main server, with what it includes', () => {
    const read = readProftpd({ path, text: main }, (pattern) => (pattern.endsWith('conf.d/') ? [tls] : []));
    expect(read).toMatchObject({
      range: { value: [50000, 50019], at: `${path}:14` },
      sessions: { value: 30 },
      announced: { value: '203.0.113.9', at: `${tls.path}:4` },
      tls: { value: 'required' },
      tlsReuse: { value: false },
      limits: [`${path}:22 DenyAll in <Limit STOR STOU> of <Directory /srv/in>`],
      unread: [`${path}:17, the block <VirtualHost 192.0.2.2>`],
    });
  });

  it('says what it includes and nobody read', () => {
    const { unread, announced } = readProftpd({ path, text: main }, () => null);
    expect(unread).toEqual(
      expect.arrayContaining([
        `${path}:2, Include /etc/proftpd/modules.conf`,
        `${path}:16, Include /etc/proftpd/conf.d/`,
      ]),
    );
    expect(announced.value).toBeNull();
  });

  it('ends, though it includes itself', () => {
    const own = { path, text: text(`Include ${path}`, 'PassivePorts 50000 50100') };
    expect(readProftpd(own, () => [own]).range.value).toEqual([50000, 50100]);
  });
});

describe('Pure-FTPd', () => {
  const expected = {
    range: { value: [50000, 50100] },
    announced: { value: '203.0.113.9' },
    tls: { value: 'required' },
    port: { value: 2121 },
    sessions: { value: 50 },
    limits: [expect.stringContaining('Quota')],
  };

  it.each([
    [
      'a folder of options',
      readPureFtpdFolder('/etc/pure-ftpd/conf', [
        { path: '/etc/pure-ftpd/conf/PassivePortRange', text: '50000 50100\n' },
        { path: '/etc/pure-ftpd/conf/ForcePassiveIP', text: '203.0.113.9\n' },
        { path: '/etc/pure-ftpd/conf/TLS', text: '2\n' },
        { path: '/etc/pure-ftpd/conf/Bind', text: '198.51.100.9,2121\n' },
        { path: '/etc/pure-ftpd/conf/MaxClientsNumber', text: '50\n' },
        { path: '/etc/pure-ftpd/conf/Quota', text: '1000:10\n' },
      ]),
    ],
    [
      'a file',
      readPureFtpdFile({
        path,
        text: text(
          '# PassivePortRange 1 2',
          'PassivePortRange             50000 50100',
          'ForcePassiveIP               203.0.113.9',
          'TLS                          2',
          'Bind                         198.51.100.9,2121',
          'MaxClientsNumber             50',
          'Quota                        1000:10',
        ),
      }),
    ],
    [
      'a command line',
      readPureFtpdCommand({
        path,
        text: '/usr/sbin/pure-ftpd -l pam -p 50000:50100 -P 203.0.113.9 -Y2 --bind=198.51.100.9,2121 -c 50 -n 1000:10 -B\n',
      }),
    ],
  ])('is read from %s', (_what, read) => {
    expect(read).toMatchObject(expected);
  });

  it('without options draws any port, and NATmode has no passive mode', () => {
    expect(readPureFtpdCommand({ path, text: 'pure-ftpd -N' })).toMatchObject({
      range: { value: null },
      usualRange: [1024, 65535],
      passive: { value: false },
    });
  });
});
