import { expect, test } from 'vitest';
import { debianSources } from '../../lab/engine/apt-sources.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

const deb822 = `Types: deb
# a snapshot
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: ${keyring}

Types: deb deb-src
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${keyring}
`;

test.each<[string, Record<string, string>, string[]]>([
  [
    'deb822, as Debian 12 containers have it',
    { 'debian.sources': deb822 },
    [
      `deb [signed-by=${keyring}] http://mirror.example/debian bookworm main`,
      `deb [signed-by=${keyring}] http://mirror.example/debian bookworm-updates main`,
      `deb [signed-by=${keyring}] http://mirror.example/debian-security bookworm-security main`,
    ],
  ],
  [
    'one line an entry, as the installer writes it',
    {
      'sources.list': `# deb cdrom:[Debian]/ bookworm main
deb http://mirror.example/debian/ bookworm main non-free-firmware
deb-src http://mirror.example/debian/ bookworm main
deb http://mirror.example/debian-security bookworm-security main # security`,
    },
    [
      'deb http://mirror.example/debian/ bookworm main',
      'deb http://mirror.example/debian-security bookworm-security main',
    ],
  ],
  [
    'options that decide about trust are kept, others are not',
    { 'sources.list': 'deb [arch=amd64 trusted=yes] http://mirror.example/debian bookworm main' },
    ['deb [trusted=yes] http://mirror.example/debian bookworm main'],
  ],
  [
    'foreign repositories are left out',
    {
      'cloud.list': 'deb https://packages.example/apt cloud-sdk-bookworm main',
      'docker.list':
        'deb [signed-by=/etc/apt/keyrings/docker.gpg] https://docker.example/linux/debian bookworm stable',
      'vendor.list': 'deb https://vendor.example/debian/12/prod bookworm main',
      'monitor.list':
        'deb [signed-by=/etc/apt/keyrings/monitor.gpg] https://monitor.example/debian bookworm main',
      'node.sources':
        'Types: deb\nURIs: https://node.example/node_20.x\nSuites: nodistro\nComponents: main\n',
    },
    [],
  ],
  [
    'other releases are left out',
    {
      'sources.list':
        'deb http://mirror.example/debian trixie main\ndeb http://mirror.example/ubuntu noble main',
    },
    [],
  ],
  ['a stanza that is switched off', { 'debian.sources': `Enabled: no\n${deb822.split('\n\n')[0]}\n` }, []],
  ['CD-ROMs', { 'sources.list': 'deb cdrom:[Debian_12]/ bookworm main' }, []],
  [
    'a snapshot of the archive',
    { 'sources.list': 'deb http://snapshot.example/archive/debian/20250520T000000Z bookworm main' },
    ['deb http://snapshot.example/archive/debian/20250520T000000Z bookworm main'],
  ],
  [
    'a key in the file itself is left to mmdebstrap',
    {
      'debian.sources': `Types: deb
URIs: http://mirror.example/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
`,
    },
    ['deb http://mirror.example/debian bookworm main'],
  ],
  [
    'twice the same',
    {
      'sources.list': 'deb http://mirror.example/debian bookworm main',
      'more.list': 'deb http://mirror.example/debian bookworm main contrib',
    },
    ['deb http://mirror.example/debian bookworm main'],
  ],
])('%s', (_name, files, expected) => {
  expect(debianSources(files, 'bookworm')).toEqual(expected);
});
