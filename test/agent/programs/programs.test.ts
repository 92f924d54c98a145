import { describe, expect, it } from 'vitest';
import type { OutputLine } from '../../../lab/agent/programs/client-program.ts';
import { curl } from '../../../lab/agent/programs/curl.ts';
import { ftplib } from '../../../lab/agent/programs/ftplib.ts';
import { lftp } from '../../../lab/agent/programs/lftp.ts';
import { tnftp } from '../../../lab/agent/programs/tnftp.ts';
import { webProxy } from '../../../lab/agent/programs/web-proxy.ts';

const programs = { curl, lftp, tnftp, ftplib, 'web-proxy': webProxy };

/** Lines as the programs of Debian 12 write them. */
const lines: [keyof typeof programs, string, OutputLine][] = [
  ['curl', '< 220 (vsFTPd 3.0.3)', { control: { from: 'server', text: '220 (vsFTPd 3.0.3)' }, shown: false }],
  ['curl', '> EPSV', { control: { from: 'client', text: 'EPSV' }, shown: false }],
  ['curl', '* Connected to 198.51.100.21 (198.51.100.21) port 21 (#0)', { shown: false }],
  ['curl', '} [1024 bytes data]', { shown: false }],
  ['curl', 'curl: (25) Failed FTP upload: 550', { shown: true }],
  [
    'lftp',
    '<--- 227 ok (1,2,3,4,5,6)',
    { control: { from: 'server', text: '227 ok (1,2,3,4,5,6)' }, shown: false },
  ],
  ['lftp', '<---  EPRT', { control: { from: 'server', text: ' EPRT' }, shown: false }],
  ['lftp', '---> STOR a.bin', { control: { from: 'client', text: 'STOR a.bin' }, shown: false }],
  ['lftp', '---- Connecting data socket to (198.51.100.21) port 36322', { shown: false }],
  ['lftp', '**** Data socket error (Connection refused) - reconnecting', { shown: false }],
  ['lftp', 'put: Access failed: 553 Could not create file. (a.bin)', { shown: true }],
  [
    'tnftp',
    '---> EPRT |1|192.168.20.10|45445|',
    { control: { from: 'client', text: 'EPRT |1|192.168.20.10|45445|' }, shown: false },
  ],
  [
    'tnftp',
    '230 Login successful.',
    { control: { from: 'server', text: '230 Login successful.' }, shown: true },
  ],
  ['tnftp', '421 Service not available, remote server timed out. Connection closed.', { shown: true }],
  ['tnftp', 'features[FEAT_SIZE] = 1', { shown: false }],
  ['tnftp', "tnftp: Can't connect to `198.51.100.21:56807': Connection timed out", { shown: true }],
  [
    'web-proxy',
    '> Authorization: Basic dXBsb2FkOmxhYi1vbmx5',
    { control: { from: 'client', text: 'Authorization: Basic ###' }, shown: false },
  ],
  ['ftplib', "*cmd* 'USER upload'", { control: { from: 'client', text: 'USER upload' }, shown: false }],
  [
    'ftplib',
    "*resp* '211-Features:\\n EPRT\\n211 End'",
    { control: { from: 'server', text: '211-Features:\n EPRT\n211 End' }, shown: false },
  ],
  ['ftplib', "*resp* '550 can\\'t'", { control: { from: 'server', text: "550 can't" }, shown: false }],
  ['ftplib', 'ftplib.error_perm: 550 Permission denied.', { shown: true }],
];

describe('what a program writes', () => {
  it.each(lines)('%s: %s', (name, line, read) => {
    expect(programs[name].reader()(line)).toEqual(read);
  });
});

it('tnftp: leaves out what only its log shows', () => {
  const read = tnftp.reader();
  const lines = [
    '220 ready',
    '---> SYST',
    '215 UNIX Type: L8',
    'Remote system type is UNIX.',
    '---> FEAT',
    '211-Features:',
    ' EPSV',
    '211 End',
    'local: a.bin remote: a.bin',
    '---> EPSV',
    '229 ok (|||33934|)',
    '229 ok (|||33934|)',
    '---> STOR a.bin',
    '226 done',
  ].map((line) => ({ line, ...read(line) }));
  expect(lines.filter(({ shown }) => shown).map(({ line }) => line)).toEqual([
    '220 ready',
    'Remote system type is UNIX.',
    'local: a.bin remote: a.bin',
    '229 ok (|||33934|)',
    '226 done',
  ]);
  expect(lines.filter(({ control }) => control?.from === 'server').map(({ line }) => line)).toEqual([
    '220 ready',
    '215 UNIX Type: L8',
    '211-Features:',
    ' EPSV',
    '211 End',
    '229 ok (|||33934|)',
    '226 done',
  ]);
});
