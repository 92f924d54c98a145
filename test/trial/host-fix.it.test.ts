/** What a host's own firewall lets in besides the uploads, and the smallest patch to its file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { exposure, fix } from '../../lab/index.ts';
import { openByLine, rangesText } from '../../lab/model/exposure.ts';

const name = 'it-host-fix';
const [ufw, firewalld] = ['ufw.rules', 'firewalld.rules'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);
let folder: string;
let plain: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-host-fix-'));
  plain = join(folder, 'plain.rules');
  const rules = [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m state --state ESTABLISHED -j ACCEPT',
    '-A INPUT -p tcp --dport 21 -j ACCEPT',
    '-A INPUT -s 198.51.100.22/32 -p tcp --dport 3306:3310 -j ACCEPT',
    '-A INPUT -j LOG --log-prefix "denied "',
    '-A INPUT -j DROP',
    'COMMIT',
    '',
  ];
  await writeFile(plain, rules.join('\n'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await (await findEngine()).down(name);
});

it('exposure counts the ports that a host takes, from each kind of neighbour', async () => {
  const { lines, pinholes } = await exposure(plain, { on: 'vsftpd', name, keep: true });
  const open = [...openByLine(lines)].map(([line, { open }]) => [line, rangesText(open)]);
  expect(open).toEqual([
    ['x-workstation to vsftpd', '21'],
    ['y-server to vsftpd', '21'],
    ['customer to vsftpd', '21'],
    ['proftpd to vsftpd', '21, 3306-3310'],
  ]);
  expect(pinholes).toEqual([]);
});

describe('fix', () => {
  it.each([
    ['ufw', () => ufw, '-A ufw-before-input'],
    ['firewalld', () => firewalld, 'ipv4 filter INPUT 0'],
    ['a plain chain', () => plain, undefined],
  ])(
    'follows the FTP session, or opens the range for FTPS, on a server with %s',
    async (_what, file, written) => {
      const followed = await fix(file() ?? '', { on: 'vsftpd', name, keep: true });
      expect(followed.need).toEqual(['customer/vsftpd/pasv', 'customer/vsftpd/epsv']);
      const [best] = followed.patches;
      expect(best).toMatchObject({ strategy: 'helper', unmet: [], lost: [], opened: 0 });
      expect(best?.patch).toContain(
        '+-A PREROUTING -d 198.51.100.21/32 -p tcp -m tcp --dport 21 -j CT --helper ftp',
      );
      const need = ['y-workstation/vsftpd-tls/pasv/tls'];
      const opened = await fix(file() ?? '', { on: 'vsftpd', need, name, keep: true });
      expect(opened.patches[0]).toMatchObject({ strategy: 'range', unmet: [], lost: [] });
      expect(opened.patches[0]?.patch).toMatch(
        /\+-A \S+ -s \S+ -d \S+ -p tcp -m tcp --dport 32768:60999 .*-j ACCEPT/,
      );
      if (written) expect(opened.patches[0]?.configuration?.steps.join('\n')).toContain(written);
    },
  );

  it("has a client's own helper in OUTPUT", async () => {
    const { patches } = await fix(ufw ?? '', {
      on: 'y-workstation',
      need: ['y-workstation/vsftpd/port'],
      name,
    });
    expect(patches[0]).toMatchObject({ strategy: 'helper', unmet: [], lost: [], opened: 0 });
    expect(patches[0]?.patch).toContain('+-A OUTPUT -s 192.168.20.11/32 -d 198.51.100.21/32');
  });
});
