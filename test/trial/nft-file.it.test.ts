/** Files of nft rules, from reading them to a verdict: what they include, where they stand, and that they come and go whole. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttemptOptions, type Lab, scenarios, startLab, tryRules } from '../../lab/index.ts';
import type { RulesPlace } from '../../lab/network/topology.ts';
import { readRulesFile } from '../../lab/trial/rules-file.ts';

const name = 'it-nft-file';
const other = 'it-nft-foreign';
let folder: string;
let lab: Lab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-nft-'));
  lab = await startLab({ name });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function file(path: string, ...lines: string[]): Promise<string> {
  const whole = join(folder, path);
  await writeFile(whole, `${lines.join('\n')}\n`);
  return whole;
}

const input = (...rules: string[]) => [
  'table inet filter {',
  'chain input {',
  'type filter hook input priority filter; policy drop;',
  'ct state established,related accept',
  ...rules,
  '}',
  '}',
];
const cell: AttemptOptions = { client: 'y-workstation', server: 'vsftpd', mode: 'pasv' };
const load = async (path: string, on: RulesPlace) => lab.load((await readRulesFile(path, on)).rules);
const verdict = async (attempt: Partial<AttemptOptions> = {}) =>
  (await lab.attempt({ ...cell, ...attempt })).verdict;

describe("a server's own file", () => {
  it('names the line of an included file', async () => {
    await file('ports.nft', 'define control = { 21, 990 }');
    await file(
      '20-ftp.nft',
      '# FTP',
      'tcp dport $control accept',
      'tcp dport 1024-65535 counter drop comment "high"',
    );
    await file('10-ssh.nft', 'tcp dport 22 accept');
    const path = await file(
      'server.nft',
      'flush ruleset',
      'include "./ports.nft"',
      ...input('iif "lo" accept', 'include "?0-*.nft"'),
    );
    await load(path, 'vsftpd');
    expect(await verdict()).toMatchObject({
      cause: 'data-dropped',
      firewall: 'vsftpd',
      rule: 'high',
      way: [
        {
          table: 'inet filter',
          chain: 'input',
          line: 3,
          file: '20-ftp.nft',
          rule: 'tcp dport 1024-65535 counter drop comment "high"',
        },
      ],
    });
    expect((await verdict()).sentence).toContain(
      `rule "high" on vsftpd's own firewall (table inet filter: input line 3 of 20-ftp.nft)`,
    );
    expect(await verdict({ mode: 'port' })).toMatchObject({ uploaded: true });
  });

  it('is gone after other rules are loaded, and so are helper objects and timeouts', async () => {
    const path = await file(
      'objects.nft',
      'table inet objects {',
      'ct helper ftp { type "ftp" protocol tcp; }',
      'ct timeout quick { protocol tcp; policy = { established: 30 }; }',
      '}',
      ...input('tcp dport 21 drop comment "no FTP"'),
    );
    await load(path, 'vsftpd');
    expect(await verdict()).toMatchObject({ cause: 'control-dropped', rule: 'no FTP' });
    const [open] = scenarios;
    if (!open) throw new Error('There are scenarios');
    await lab.load(open.ruleSet);
    expect(await verdict()).toMatchObject({ uploaded: true });
    await load(path, 'vsftpd');
    expect(await verdict()).toMatchObject({ cause: 'control-dropped', rule: 'no FTP' });
  });
});

describe("a firewall's file", () => {
  const forward = (...rules: string[]) => [
    'table ip filter {',
    'chain forward {',
    'type filter hook forward priority 0; policy accept;',
    ...rules,
    '}',
    '}',
  ];

  it('leaves the former rules in force if nft refuses it, and says the line', async () => {
    await load(await file('former.nft', ...forward('tcp dport 21 drop comment "former"')), 'isa-y');
    const broken = await file(
      'broken.nft',
      'flush ruleset',
      ...forward('tcp dport 21 accept', 'tcp dport 22 dropp'),
    );
    await expect(load(broken, 'isa-y')).rejects.toThrow(
      /broken does not load on isa-y: line 6: Error: syntax error/,
    );
    expect(await verdict()).toMatchObject({ cause: 'control-dropped', firewall: 'isa-y', rule: 'former' });
  });

  it('takes the place of rules of iptables, and gives it back', async () => {
    const closed = scenarios.find(({ control }) => control === 'closed');
    if (!closed) throw new Error('There is a closed control');
    await lab.load(closed.ruleSet);
    await load(await file('open.nft', ...forward('tcp dport 1-65535 accept')), 'isa-y');
    expect(await verdict()).toMatchObject({ uploaded: true });
    await lab.load(closed.ruleSet);
    expect(await verdict()).toMatchObject({ cause: 'control-dropped', rule: 'Default rule' });
  });

  it('names rejects, jumps and policies by table, chain and line', async () => {
    const path = await file(
      'jumps.nft',
      ...forward(
        'ct state established accept',
        'tcp dport 21 accept',
        'tcp dport 1024-65535 goto refuse',
      ).slice(0, -1),
      'chain refuse {',
      'ip protocol tcp \\',
      '  reject with tcp reset',
      '}',
      '}',
    );
    await load(path, 'isa-y');
    expect(await verdict()).toMatchObject({
      cause: 'data-refused',
      rule: 'ip protocol tcp reject with tcp reset',
      way: [
        { table: 'ip filter', chain: 'forward', line: 6 },
        { table: 'ip filter', chain: 'refuse', line: 9 },
      ],
    });
  });

  it('has nft in its words also where iptables would have called the chain so', async () => {
    const path = await file(
      'translated.nft',
      'add table ip filter',
      'add chain ip filter FORWARD { type filter hook forward priority 0; policy accept; }',
      'add chain ip filter LOGDROP',
      'add rule ip filter FORWARD ct state related,established counter accept',
      'add rule ip filter FORWARD tcp dport 1024-65535 counter jump LOGDROP',
      'add rule ip filter LOGDROP counter drop',
    );
    await load(path, 'isa-y');
    expect(await verdict()).toMatchObject({
      rule: 'counter drop',
      way: [
        { table: 'ip filter', chain: 'FORWARD', line: 5, rule: 'tcp dport 1024-65535 counter jump LOGDROP' },
        { table: 'ip filter', chain: 'LOGDROP', line: 6, rule: 'counter drop' },
      ],
    });
  });

  it('waits as clients do where a limit decides', async () => {
    const path = await file(
      'limit.nft',
      ...forward(
        'ct state established accept',
        'tcp dport 1024-65535 limit rate over 1/second burst 1 packets drop',
      ),
    );
    await load(path, 'isa-y');
    expect(lab.remembers).toBe(true);
    expect(lab.inForce?.drops).toMatchObject({ kind: 'may-pass' });
    await load(await file('logs.nft', ...forward('limit rate 5/minute log prefix "x"', 'accept')), 'isa-y');
    expect(lab.inForce?.drops).toEqual({ kind: 'final' });
  });
});

describe('rules of iptables and of nft beside each other', () => {
  const rules = (ports: string) => [
    '*filter',
    ':FORWARD DROP [0:0]',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT',
    `-A FORWARD -p tcp -m tcp --dport ${ports} -j ACCEPT`,
    'COMMIT',
  ];
  const late = (verdict: string) => [
    'table ip filter {',
    '\tchain FORWARD {',
    '\t\ttype filter hook forward priority filter; policy drop;',
    '\t\txt match "comment" counter packets 0 bytes 0 accept',
    '\t}',
    '}',
    'table inet late {',
    '\tchain forward {',
    '\t\ttype filter hook forward priority filter + 10; policy accept;',
    `\t\ttcp dport 1024-65535 ct state new ${verdict}`,
    '\t}',
    '}',
  ];

  it('a packet has to pass both, and the verdict names the file that dropped it', async () => {
    await file('all.rules', ...rules('1024:65535'));
    await file('21.rules', ...rules('990'));
    await file('drop.nft', ...late('drop'));
    await file('accept.nft', ...late('accept'));
    await load(`${join(folder, 'all.rules')}+${join(folder, 'drop.nft')}`, 'isa-y');
    expect(await verdict()).toMatchObject({
      cause: 'data-dropped',
      way: [{ table: 'inet late', chain: 'forward', line: 10, file: 'drop.nft' }],
    });
    await load(`${join(folder, 'all.rules')}+${join(folder, 'accept.nft')}`, 'isa-y');
    expect(await verdict()).toMatchObject({ uploaded: true });
    await load(`${join(folder, 'accept.nft')}+${join(folder, '21.rules')}`, 'isa-y');
    expect(await verdict()).toMatchObject({
      cause: 'data-dropped',
      rule: 'policy FORWARD DROP',
      way: [{ table: 'filter' }],
    });
    await load(join(folder, 'all.rules'), 'isa-y');
    expect(await verdict()).toMatchObject({ uploaded: true });
  });

  it('either that does not load leaves the former rules in force', async () => {
    await file('all.rules', ...rules('1024:65535'));
    await file('broken.rules', ...rules('99999'));
    await file('drop.nft', ...late('drop'));
    await file('broken.nft', ...late('dropp'));
    await load(`${join(folder, 'all.rules')}+${join(folder, 'drop.nft')}`, 'isa-y');
    for (const pair of ['broken.rules+drop.nft', 'all.rules+broken.nft']) {
      const [one, other] = pair.split('+').map((name) => join(folder, name));
      await expect(load(`${one}+${other}`, 'isa-y')).rejects.toThrow(/does not load on isa-y/);
      expect(await verdict()).toMatchObject({ cause: 'data-dropped', way: [{ table: 'inet late' }] });
    }
  });
});

it('is refused by a user who has not said which interfaces matter, by its line', async () => {
  const path = await file(
    'foreign.nft',
    'define wan = "ppp0"',
    'table inet fw {',
    'chain forward {',
    'type filter hook forward priority 0; policy drop;',
    'iifname { "inside", "wg0" } accept',
    'oifname $wan accept',
    '}',
    '}',
  );
  await expect(
    tryRules(path, { name: other, clients: ['y-workstation'], servers: ['vsftpd'] }),
  ).rejects.toThrow(/names the interfaces wg0, ppp0 \(from line 5\)/);
  const { setting } = await tryRules(path, {
    name: other,
    clients: ['y-workstation'],
    servers: ['vsftpd'],
    modes: ['pasv'],
    own: {
      subnets: {},
      addresses: {},
      interfaces: { 'isa-y': { inside: 'inside', outside: 'ppp0' } },
    },
  });
  expect(setting?.notes?.map(({ text }) => text)).toContain(
    'Line 5: isa-y has no interface wg0 here. It cannot matter: uploads pass through inside and ppp0.',
  );
});
