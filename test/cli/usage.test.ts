import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { ftplab } from './run-main.ts';

/** Usage errors must come before the engine is looked for: there is none at this address. */
const env = { DOCKER_HOST: 'tcp://127.0.0.1:1', FTPLAB_ENGINE: 'docker', FTPLAB_PASSWORD: undefined };

let folder: string;
const files = {
  'empty.ts': '',
  'throws.ts': "throw new Error('the rule set broke');\n",
  'number.ts': 'export default 42;\n',
  'no-default.ts': 'export const ruleSet = {};\n',
  'syntax.ts': 'export default {\n  name: "x"\n  description: "no comma"\n};\n',
  'plain.rules': '*filter\n-A FORWARD -j DROP\nCOMMIT\n',
  'no-rules.rules': '*filter\nCOMMIT\n',
  'gateway.json': '{"nftables": [{"metainfo": {}}]}\n',
  'includes.nft': 'table inet filter {\n  include "/etc/nftables.d/*.nft"\n}\n',
  'iptables.nft': 'table ip filter {\n\tchain FORWARD {\n\t\txt match "multiport" accept\n\t}\n}\n',
  'beside.rules': "# Table `filter' is incompatible, use 'nft' tool.\n*nat\nCOMMIT\n",
  'foreign.rules': '*filter\n-A FORWARD -i eth1 -j ACCEPT\n-A FORWARD -i tun0 -j ACCEPT\nCOMMIT\n',
  'empty.rules': '',
  'comments.rules': '# nothing here\n',
  'malformed.rules': '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport\nthis is no rule\nCOMMIT\n',
} as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-usage-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('usage errors end with status 2, a message and a hint, and nothing on standard output', () => {
  it.each([
    [[], /Usage: ftplab/],
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
    [['run', '--jsn'], /unknown option '--jsn'[\s\S]*Did you mean --json\?/],
    [['run', '--json'], /argument missing/],
    [['run', 'as-reportd'], /Nothing matches "as-reportd"[\s\S]*Did you mean "as-reported"/],
    [['run', 'as-reported/y-servr'], /Did you mean "y-server"/],
    [['run', '--json', '/no/such/folder/x.json'], /--json cannot write .*\/no\/such\/folder/],
    [['run', '--json', '/tmp'], /--json cannot write \/tmp: it is a folder/],
    [['shell'], /missing required argument 'host'/],
    [['shell', 'isa-z'], /There is no host "isa-z"[\s\S]*Did you mean "isa-x" or "isa-y"\?/],
    [['logs', 'vsftpd'], /There is no firewall "vsftpd"[\s\S]*There are: isa-x, isa-y/],
    [['logs', 'isa-y', '--tail', 'few'], /whole number above 0/],
    [['up', 'now'], /too many arguments/],
    [['--name', 'My Lab', 'up'], /"My Lab" cannot be a lab's name/],
    [['try'], /missing required argument 'rules'/],
    [['try', 'ftp-filtr'], /neither a shipped rule set nor a file[\s\S]*Did you mean "ftp-filter"/],
    [['try', 'x.ts', '--watch', '--html', 'x.html'], /--watch[\s\S]*cannot be used with[\s\S]*--html/],
    [['exposure'], /missing required argument 'rules'/],
    [
      ['exposure', 'ftp-filtr'],
      /"ftp-filtr" is neither a shipped rule set nor a file[\s\S]*Did you mean "ftp-filter"/,
    ],
    [['exposure', './missing.ts'], /missing\.ts does not exist/],
    [['exposure', 'ftp-filter', '--json', '/no/such/folder/x.json'], /--json cannot write/],
    [
      ['explain', 'as-reported/y-server/vsftpd/pasv', '--inside', 'eth1'],
      /--inside[\s\S]*do not apply to as-reported/,
    ],
    [['explain', 'as-reportd/y-server/vsftpd/pasv'], /There is no rule set "as-reportd"[\s\S]*"as-reported"/],
    [['explain', 'as-reported', 'y-servr/vsftpd/pasv'], /There is no client "y-servr"[\s\S]*"y-server"/],
    [['fix', 'ftp-filter'], /ftp-filter is a rule set[\s\S]*ftplab recommend/],
    [['fix', './missing.rules'], /missing\.rules does not exist/],
    [['fix', 'x.rules', '--write', '/no/such/folder/x'], /--write cannot write/],
    [['compare', 'as-reported'], /missing required argument 'after'/],
    [['compare', 'as-reported', 'ftp-filtr'], /Did you mean "ftp-filter"/],
    [['recommend', '--need', 'nonsense'], /No cell matches "nonsense"[\s\S]*client\/server\/mode/],
    [['recommend', '--before', 'reported'], /Did you mean "as-reported"/],
    [
      ['compare', 'as-reported', 'ftp-filter', '--write', '/no/such/folder/x'],
      /--write cannot write \/no\/such\/folder\/x\.md/,
    ],
    [['diagnose', 'vsftp', '--ports'], /There is no server "vsftp"[\s\S]*Did you mean "vsftpd"/],
    [['diagnose', 'vsftpd', '--ports', '--count', '1001'], /at most 1000/],
    [
      ['diagnose', '--ports', 'ftp://bob@127.0.0.1'],
      /No password is given for bob@127\.0\.0\.1[\s\S]*FTPLAB_PASSWORD/,
    ],
    [['diagnose', 'vsftpd'], /vsftpd is a server of the lab[\s\S]*--ports/],
    [['diagnose', 'vsftpd', '--count', '9'], /--count works only with --ports/],
    [['diagnose', 'vsftpd', '--ports', '--mode', 'pasv'], /'--ports' cannot be used with option '--mode/],
    [['diagnose'], /missing required argument 'server'/],
    [['diagnose', '--server-side', 'ftp://bob@127.0.0.1'], /the server's own side needs no URL/],
    [['diagnose', '--server-side', '--mode', 'pasv'], /'--server-side' cannot be used with option '--mode/],
    [['diagnose', '--server-side', '--seen-at', '1.2.3'], /It must be an IPv4 address/],
    [['diagnose', '--seen-at', '203.0.113.9'], /--seen-at works only on the server's own side/],
    [['diagnose', '--server-config', './missing.conf'], /missing\.conf does not exist/],
    [['diagnose', '--server-config', 'package.json'], /package\.json is no configuration of vsftpd, ProFTPD/],
    [['diagnose', '--host-rules', './missing.rules'], /missing\.rules does not exist/],
    [['diagnose', '--host-rules', 'package.json'], /Line 1 is "\{"; expected a table/],
    [['diagnose', 'bob@127.0.0.1'], /not a URL[\s\S]*ftp:\/\/user@host/],
    [['diagnose', 'ftp://bob:hunter2@127.0.0.1'], /^(?![\s\S]*hunter2)[\s\S]*contains a password/],
    [['diagnose', 'ftp://bob@127.0.0.1'], /No password is given for bob@127\.0\.0\.1[\s\S]*FTPLAB_PASSWORD/],
    [['diagnose', 'ftp://bob@127.0.0.1', '--mode', 'passive'], /There is no transfer mode "passive"/],
    [['diagnose', 'ftp://bob@127.0.0.1', '--patience', '301'], /at most 300/],
    [['run', '--shard', '3/2'], /--shard <i\/n>[\s\S]*i from 1 to n/],
    [['run', '--shard', '1/2', 'all-open/y-server/vsftpd/pasv'], /shard has no cells/],
    [['run', '--json', '-', '--summary', '-'], /--json and --summary cannot both write to standard output/],
    [['run', '--driver', 'crul'], /There is no driver "crul"[\s\S]*Did you mean "curl"/],
    [['run', '--driver', 'tnftp', '--tls'], /tnftp does not speak FTPS/],
    [['try', 'x.ts', '--driver', 'lftp', '--mode', 'eprt'], /lftp has no eprt[\s\S]*pasv, epsv and port/],
    [['report'], /missing required argument 'files'/],
    [['report', '/no/such.json'], /\/no\/such\.json cannot be read/],
    [['report', 'package.json'], /package\.json is not a result of ftplab/],
    [['help', 'rnu'], /There is no command "rnu"[\s\S]*Did you mean "run"/],
    [['status', '--graph', 'sgv'], /There is no format "sgv"[\s\S]*Did you mean "svg"\?/],
    [['completion', 'bsh'], /There is no shell "bsh"[\s\S]*Did you mean "bash"/],
  ])('ftplab %j', async (args, message) => {
    const { status, stdout, stderr } = await ftplab(args, { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it.each([
    ['missing.ts', /missing\.ts/],
    ['missing.rules', /missing\.rules/],
    ['empty.ts', /empty\.ts/],
    ['throws.ts', /throws\.ts[\s\S]*the rule set broke/],
    ['number.ts', /number\.ts/],
    ['no-default.ts', /no-default\.ts[\s\S]*default/],
    ['syntax.ts', /syntax\.ts[\s\S]*3/],
    ['empty.rules', /empty\.rules/],
    ['comments.rules', /comments\.rules/],
    ['no-rules.rules', /cannot be trusted as it is: the file holds no rule[\s\S]*--as-is/],
    ['gateway.json', /gateway\.json is an nft rule set in JSON[\s\S]*without -j/],
    ['includes.nft', /includes\.nft: line 2 includes "\/etc\/nftables\.d[\s\S]*nft list ruleset/],
    ['iptables.nft', /iptables\.nft has rules that iptables made \(line 3\)[\s\S]*iptables-save/],
    ['beside.rules', /nft has rules in table filter[\s\S]*nft list ruleset/],
    ['foreign.rules', /names the interfaces eth1, tun0 \(from line 2\)[\s\S]*--inside NAME --outside NAME/],
    ['malformed.rules', /malformed\.rules[\s\S]*line 4/i],
  ])('ftplab try %s', async (name, message) => {
    const { status, stdout, stderr } = await ftplab(['try', join(folder, name)], { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it.each([
    [['--client', 'y-servr'], /There is no client "y-servr"[\s\S]*"y-server"/],
    [['--server', 'proftp'], /There is no server "proftp"[\s\S]*"proftpd"/],
    [['--mode', 'passive'], /There is no transfer mode "passive"[\s\S]*pasv/],
    [['--on', 'isa-z'], /There is no firewall, client or server "isa-z"[\s\S]*isa-y/],
    [
      ['--on', 'vsftpd', '--inside', 'eth0'],
      /--inside and --outside do not apply to vsftpd[\s\S]*--interface/,
    ],
    [
      ['--on', 'isa-y', '--interface', 'eth0'],
      /does not say which of isa-y's interfaces[\s\S]*eth0=external/,
    ],
    [['--on', 'isa-y', '--interface', 'eth0=x'], /isa-y has no interface in x; it joins y, external/],
    [['--interface', 'eth0=y', '--inside', 'eth1'], /interface of isa-y in y is named twice/],
    [['--interface', 'eth0=y=10.1'], /cannot have the address "10\.1"/],
    [['--on', 'vsftpd', '--interface', 'eth0=y'], /vsftpd's interface is in external, not in y/],
    [
      ['--on', 'vsftpd', '--interface', 'eth0', '--interface', 'eth1'],
      /vsftpd has one interface, and 2 are named/,
    ],
    [['--inside', 'a-name-that-is-too-long'], /--inside cannot be called[\s\S]*15 characters/],
    [['--inside', 'eth0', '--outside', 'eth0'], /cannot both be called eth0/],
    [['--outside', 'ppp0=203.0.113'], /--outside cannot have the address "203\.0\.113"/],
    [['--subnet', 'z=10.1.2.0/24'], /There is no subnet "z"/],
    [['--subnet', 'y'], /--subnet y has no range[\s\S]*y=10\.1\.2\.0\/24/],
    [
      ['--subnet', 'y=10.1.2.7/24'],
      /"10\.1\.2\.7\/24" is not an IPv4 network[\s\S]*Did you mean "10\.1\.2\.0\/24"/,
    ],
    [['--host', 'vsftp=203.0.113.7'], /There is no client or server "vsftp"[\s\S]*"vsftpd"/],
    [['--host', 'vsftpd'], /--host vsftpd has no address/],
    [['--host', 'vsftpd=ftp.example'], /vsftpd cannot have the address "ftp\.example"/],
    [['--host', 'vsftpd='], /Write a name/],
    [['--ipset', '/no/such.save'], /\/no\/such\.save does not exist/],
  ])('ftplab try FILE %j', async (args, message) => {
    const { status, stderr } = await ftplab(['try', join(folder, 'plain.rules'), ...args], { env });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('old spellings end with status 2 and say what to write now', () => {
  it.each([
    [['watch', 'x.rules', '--mode', 'pasv'], 'ftplab try --watch x.rules --mode pasv'],
    [['change-request', 'x.ts', '--before', 'as-reported'], 'ftplab compare BEFORE AFTER --write NAME'],
    [['plan', '--json', 'x.json'], 'ftplab up --dry-run --json x.json'],
    [['ports', 'vsftpd'], 'ftplab diagnose --ports vsftpd'],
    [['graph', '--format', 'dot'], 'ftplab status --graph FORMAT'],
    [['try', 'x.rules', '--firewall', 'isa-x'], '--on isa-x'],
    [['try', 'x.rules', '--client', 'y-server=10.1.2.3'], '--host y-server=10.1.2.3 (and --client y-server)'],
    [['explain', '--rules', 'x.rules', 'x/y-server/vsftpd/pasv'], 'ftplab explain x.rules CELL'],
    [['run', '--engines', 'engines.txt'], 'ftplab run --shard 1/2'],
    [['status', '--json', '--quiet'], '--json FILE, or --json - for standard output'],
    [['doctor', '--json', '--fix'], '--json FILE, or --json - for standard output'],
  ])('ftplab %j', async (args, now) => {
    const { status, stdout, stderr } = await ftplab(args, { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`Write: `);
    expect(stderr).toContain(now);
  });
});

describe('without an engine', () => {
  it.each([
    [['--help'], /Usage: ftplab[\s\S]*Exit status: 0 everything as expected/],
    [['run', '--help'], /A pattern is a scenario/],
    [['help', 'run'], /A pattern is a scenario/],
    [['help'], /Usage: ftplab[\s\S]*Exit status: 0 everything as expected/],
    [['status', '--graph', 'dot'], /^graph "ftplab" \{/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('ftplab %j prints what was asked for and ends with status 0', async (args, text) => {
    const { status, stdout, stderr } = await ftplab(args, { env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });

  it('run --list shows every scenario with its question', async () => {
    const { status, stdout } = await ftplab(['run', '--list'], { env });
    expect(status).toBe(0);
    for (const { name, question } of scenarios) {
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
      expect(stdout.replace(/\s+/g, ' ')).toContain(question);
    }
  });

  it.each(['try', 'exposure', 'fix'])(
    'ftplab %s --as-is goes on with a file that holds no rules',
    async (command) => {
      const { status, stderr } = await ftplab([command, join(folder, 'no-rules.rules'), '--as-is'], { env });
      expect(status).toBe(3);
      expect(stderr).toMatch(/No Docker engine answers/);
    },
  );

  it.each([['up'], ['status'], ['down'], ['run'], ['logs', 'isa-y'], ['shell', 'isa-y']])(
    'ftplab %s ends with status 3 and says what is missing',
    async (...args) => {
      // A name of its own: a lab called ftplab may stand on this machine.
      const { status, stdout, stderr } = await ftplab(['--name', 'it-none', ...args], { env });
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toMatch(/Docker/);
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
  );
});

it('explains a cause without a lab', async () => {
  const { status, stdout } = await ftplab(['explain', 'data-dropped'], { env });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^data-dropped\n[\s\S]*- In iptables: /);
});

it('takes an empty variable for one that is not set', async () => {
  const { status } = await ftplab(['run', '--list'], { env: { FTPLAB_ENGINE: '' } });
  expect(status).toBe(0);
});
