/** Networks of one's own: the examples as a user runs them, and a production file with a third interface. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults } from '../../lab/model/result/read.ts';
import { leftBehind } from '../cli/left-behind.ts';
import { ftplab as runFtplab } from '../cli/run-ftplab.ts';

const name = 'it-networks';
const example = (file: string) => fileURLToPath(new URL(`../../examples/networks/${file}`, import.meta.url));

/** A gateway with a DMZ that only routes port 21: eth0 the offices, eth1 the DMZ, eth2 the Internet. */
const edge = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i eth2 -p tcp -m tcp --dport 21 -j DNAT --to-destination 10.60.2.21
-A POSTROUTING -o eth2 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -o eth1 -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -i eth0 -o eth1 -m comment --comment "offices to DMZ: port 21 alone" -j DROP
-A FORWARD -i eth2 -o eth1 -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -i eth0 -o eth2 -j ACCEPT
COMMIT
`;
const interfaces = ['eth0=lan', 'eth1=dmz', 'eth2=internet'].flatMap((one) => ['--interface', one]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-networks-'));
  await writeFile(join(folder, 'edge.rules'), edge);
  await writeFile(
    join(folder, 'ftplab.config.ts'),
    `import network from ${JSON.stringify(example('dmz.network.ts'))};
export default { network, rules: 'edge.rules', interface: ['eth0=lan', 'eth1=dmz', 'eth2=internet'] };
`,
  );
});
afterAll(async () => {
  await ftplab('down');
  expect(await leftBehind(name)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

const ftplab = (...args: string[]) =>
  runFtplab([...args, '--name', name, '--engine', 'namespaces'], { cwd: folder });
const network = (which: string) => ['--no-config', '--network', example(`${which}.network.ts`)];

async function document(...args: string[]) {
  const { status, stdout, stderr } = await ftplab(...args, '--json', '-');
  expect(stdout, stderr).not.toBe('');
  const [result] = readResults('it', stdout);
  if (!result) throw new Error('No document');
  return { status, result };
}

describe.each(['dmz', 'two-in-a-row', 'flat'])('the example %s', (which) => {
  it('has the results that its scenarios expect', async () => {
    const { status, result } = await document(
      'run',
      ...network(which),
      '--scenarios',
      example(`${which}.scenarios.ts`),
    );
    if (result.kind !== 'run') throw new Error(result.kind);
    const differing = result.cells.filter(({ asExpected }) => asExpected !== true);
    expect(differing.map(({ id, verdict }) => `${id}: ${verdict.sentence}`)).toEqual([]);
    expect({ status, void: result.summary.void }).toEqual({ status: 0, void: null });
    expect(result.network).toBeDefined();
  });
});

describe('a file of a firewall with three interfaces', () => {
  it('is refused until each interface has its subnet', async () => {
    const { status, stderr } = await ftplab('try', 'edge.rules', ...network('dmz'));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /names the interfaces eth2, eth0, eth1[\s\S]*--interface NAME=lan --interface NAME=dmz --interface NAME=internet/,
    );
  });

  it('decides by rules about each of them, names the line, and draws the network on a page', async () => {
    const { status } = await ftplab(
      'try',
      'edge.rules',
      ...network('dmz'),
      ...interfaces,
      ...['--mode', 'pasv', '--html', 'page.html', '--json', 'run.json'],
    );
    expect(status).toBe(0);
    const [result] = readResults('run.json', await readFile(join(folder, 'run.json'), 'utf8'));
    if (result?.kind !== 'run') throw new Error(result?.kind);
    const verdicts = result.cells.map(({ client, server, verdict }) => [
      `${client} ${server}`,
      verdict.cause,
      verdict.firewall,
      verdict.rule,
    ]);
    expect(verdicts).toEqual([
      ['desk dmz-ftp', 'data-dropped', 'edge', 'offices to DMZ: port 21 alone'],
      ['desk partner', 'none', null, null],
      // Nothing rewrites 227, which names the address in the DMZ.
      ['customer dmz-ftp', 'pasv-address-rejected-by-client', null, null],
    ]);
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    for (const word of ['LAN <', 'DMZ <', 'Internet <', 'dmz-ftp', 'edge']) expect(page).toContain(word);
    const again = await ftplab('report', 'run.json', '--html', 'again.html');
    expect(again.status).toBe(0);
    expect(await readFile(join(folder, 'again.html'), 'utf8')).toContain('dmz-ftp');
  });

  it('is measured between all networks and mended, by the configuration alone', async () => {
    const need = ['customer/dmz-ftp/pasv', 'desk/dmz-ftp/pasv'].flatMap((one) => ['--need', one]);
    const { result } = await document('fix', ...need);
    if (result.kind !== 'fix') throw new Error(result.kind);
    const { before, patches } = result;
    const open = before.exposure?.lines.map(({ from, to, open }) => [`${from} ${to}`, open]) ?? [];
    expect(Object.fromEntries(open)).toEqual({
      'desk dmz-ftp': [[21, 21]],
      'desk partner': [[1, 65535]],
      'dmz-ftp desk': [],
      'dmz-ftp partner': [],
      'partner desk': [[21, 21]],
      'partner dmz-ftp': [[21, 21]],
      'partner edge': [[21, 21]],
    });
    expect(patches[0]).toMatchObject({ strategy: 'helper', unmet: [], lost: [], opened: 0 });
  });
});

it('explains an upload through two firewalls in a row', async () => {
  const { status, stdout } = await ftplab(
    'explain',
    ...network('two-in-a-row'),
    '--scenarios',
    example('two-in-a-row.scenarios.ts'),
    'row-own-does-not/desk/partner/port',
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/desk +own +provider +partner/);
  expect(stdout).toContain('rule "Default rule" on own dropped the data connection that partner opens');
});

it('says what does not work in a network of one’s own, or without one', async () => {
  const says = async (...args: string[]) => (await ftplab(...args)).stderr;
  expect(await says('recommend', ...network('dmz'))).toContain(
    'ftplab recommend works in the network of the original report',
  );
  expect(await says('try', 'edge.rules', ...network('two-in-a-row'))).toMatch(
    /Where does edge.rules stand\?[\s\S]*--on own, --on provider/,
  );
  expect(await says('try', 'edge.rules', ...network('dmz'), '--on', 'isa-y')).toMatch(
    /no firewall, client or server "isa-y"/,
  );
  expect(await says('run', '--no-config', '--scenarios', example('dmz.scenarios.ts'))).toMatch(
    /no policy for the firewall isa-x/,
  );
  expect(await says('try', '--no-config', '--network', 'edge.rules', 'as-reported')).toContain('edge.rules');
});
