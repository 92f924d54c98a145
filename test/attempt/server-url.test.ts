import { describe, expect, it } from 'vitest';
import { parseServerUrl } from '../../lab/attempt/server-url.ts';
import { LabError } from '../../lab/errors.ts';

describe('a server URL', () => {
  const good: [string, ReturnType<typeof parseServerUrl>][] = [
    ['ftp://bob@files.example', { host: 'files.example', port: 21, user: 'bob', folder: '' }],
    ['FTP://bob@Files.Example:2121/', { host: 'files.example', port: 2121, user: 'bob', folder: '' }],
    [
      'ftp://bob%40corp@192.0.2.1/in/today/',
      { host: '192.0.2.1', port: 21, user: 'bob@corp', folder: 'in/today' },
    ],
    ['ftp://bob@[2001:db8::1]:2121', { host: '2001:db8::1', port: 2121, user: 'bob', folder: '' }],
    ['ftp://CORP%5Cbob@h/%2Fsrv/in', { host: 'h', port: 21, user: 'CORP\\bob', folder: '/srv/in' }],
  ];
  it.each(good)('%s', (text, server) => {
    expect(parseServerUrl(text)).toEqual(server);
  });

  const bad: [text: string, code: string, message: RegExp][] = [
    ['files.example', 'url-malformed', /not a URL/],
    ['bob@files.example', 'url-malformed', /not a URL/],
    ['ftp://files.example', 'url-malformed', /no user/],
    ['ftp://bob@h:70000', 'url-malformed', /not a URL/],
    ['ftp://bob@h:0', 'url-malformed', /port/],
    ['ftp://bob:hunter2@h', 'password-in-url', /process list/],
    ['ftps://bob@h', 'url-not-supported', /plain FTP/],
    ['sftp://bob@h', 'url-not-supported', /plain FTP/],
    ['ftp://CORP\\bob@h', 'url-malformed', /%5C/],
    ['ftp://bob@h/a%0d%0aDELE%20x', 'url-malformed', /control character/],
    ['ftp://bob%zz@h', 'url-malformed', /%/],
    ['ftp://bob@h/in?x', 'url-malformed', /\?/],
  ];
  it.each(bad)('%s is refused', (text, code, message) => {
    const read = () => parseServerUrl(text);
    expect(read).toThrow(LabError);
    expect(read).toThrow(expect.objectContaining({ kind: 'usage', code }));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hunter2/);
  });
});
