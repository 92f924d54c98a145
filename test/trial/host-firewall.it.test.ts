/** A client's or server's own firewall: its rules stand on that host, in INPUT and OUTPUT, and are named there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttemptOptions, type Lab, savedRules, scenarios, startLab, tryRules } from '../../lab/index.ts';
import type { RulesPlace } from '../../lab/network/topology.ts';

/** What Debian's ufw has in force after "ufw allow 21/tcp". */
const file = fileURLToPath(new URL('ufw.rules', import.meta.url));
const name = 'it-host-firewall';
const works = { uploaded: true };
let lab: Lab;

describe('try --on', () => {
  it.each([
    ['vsftpd', { clients: ['y-workstation'], servers: ['vsftpd'] }, ['pasv', 'epsv'], ['port', 'eprt']],
    ['y-workstation', { servers: ['vsftpd', 'y-server'] }, ['port', 'eprt'], ['pasv', 'epsv']],
  ] as const)("names ufw's rule on %s", async (on, uploads, blocked, works) => {
    const { cells, summary } = await tryRules(file, { on, ...uploads, name });
    expect(summary.void).toBeNull();
    for (const { mode, verdict } of cells)
      if ((works as readonly string[]).includes(mode)) expect(verdict.sentence).toMatch(/uploads to/);
      else {
        expect(blocked).toContain(mode);
        expect(verdict).toMatchObject({ cause: 'data-dropped', firewall: on, rule: 'policy INPUT DROP' });
        expect(verdict.sentence).toContain(
          `rule "policy INPUT DROP" on ${on}'s own firewall dropped the data`,
        );
      }
  });
});

describe('a host that rules are loaded on', () => {
  beforeAll(async () => {
    lab = await startLab({ name });
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  const cell: AttemptOptions = { client: 'y-workstation', server: 'vsftpd', mode: 'pasv' };
  const own = (on: RulesPlace, ...rules: string[]) =>
    savedRules(
      'own',
      on,
      `${['*filter', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT'].join('\n')}\n`,
    );
  const verdictOf = async (attempt: Partial<AttemptOptions> = {}) =>
    (await lab.attempt({ ...cell, ...attempt })).verdict;

  it('has none of them any more after other rules are loaded', async () => {
    await lab.load(savedRules('ufw', 'vsftpd', readFileSync(file, 'utf8')));
    expect(await verdictOf()).toMatchObject({ uploaded: false, firewall: 'vsftpd' });
    const [allOpen] = scenarios;
    await lab.load(allOpen?.ruleSet ?? own('vsftpd'));
    expect(await verdictOf()).toMatchObject({ uploaded: true });
  });

  it('keeps the former ones if a file does not load there', async () => {
    await lab.load(own('vsftpd', '-A INPUT -p tcp --dport 21 -m comment --comment former -j DROP'));
    await expect(lab.load(own('proftpd', '-A INPUT -m nonsense -j DROP'))).rejects.toThrow(
      /does not load on proftpd/,
    );
    expect(await verdictOf()).toMatchObject({ cause: 'control-dropped', firewall: 'vsftpd', rule: 'former' });
    expect(await verdictOf({ server: 'proftpd' })).toMatchObject({ uploaded: true });
  });

  const table: [
    what: string,
    on: RulesPlace,
    rules: string[],
    attempt: Partial<AttemptOptions>,
    verdict: object,
  ][] = [
    [
      'rejects with a reset',
      'vsftpd',
      [
        '-A INPUT -p tcp --dport 1024:65535 --syn -m comment --comment "no high ports" -j REJECT --reject-with tcp-reset',
      ],
      {},
      { cause: 'data-refused', firewall: 'vsftpd', rule: 'no high ports' },
    ],
    [
      'rejects by ICMP',
      'vsftpd',
      ['-A INPUT -p tcp --dport 21 -m comment --comment "no FTP" -j REJECT'],
      {},
      { cause: 'control-refused', firewall: 'vsftpd', rule: 'no FTP' },
    ],
    [
      'drops what the server answers',
      'vsftpd',
      ['-A OUTPUT -p tcp --sport 1024:65535 -m comment --comment "only port 21 out" -j DROP'],
      {},
      { cause: 'data-dropped', firewall: 'vsftpd', rule: 'only port 21 out' },
    ],
    [
      'drops what the server opens',
      'vsftpd',
      ['-A OUTPUT -p tcp --syn -m comment --comment "opens nothing" -j DROP'],
      { mode: 'port' },
      { cause: 'data-dropped', firewall: 'vsftpd', rule: 'opens nothing' },
    ],
    [
      'lets no client out',
      'y-workstation',
      ['-A OUTPUT -p tcp --dport 21 -m comment --comment "no FTP out" -j DROP'],
      {},
      { cause: 'control-dropped', firewall: 'y-workstation', rule: 'no FTP out' },
    ],
    [
      'rejects a client',
      'y-workstation',
      ['-A OUTPUT -p tcp --dport 1024:65535 -m comment --comment "no data out" -j REJECT'],
      { server: 'y-server' },
      { cause: 'data-refused', firewall: 'y-workstation', rule: 'no data out' },
    ],
    [
      'drops packets of a transfer',
      'vsftpd',
      ['-A INPUT -p tcp --dport 1024:65535 -m length --length 500: -m comment --comment "no data" -j DROP'],
      {},
      { cause: 'stalled-mid-transfer', firewall: 'vsftpd', rule: 'no data' },
    ],
    [
      'is one for all servers of its machine',
      'vsftpd',
      ['-A INPUT -p tcp --dport 1024:65535 --syn -m comment --comment shared -j DROP'],
      { server: 'vsftpd-slow' },
      { cause: 'data-dropped', firewall: 'vsftpd', rule: 'shared' },
    ],
  ];
  it.each(table)('%s', async (_what, on, rules, attempt, verdict) => {
    await lab.load(own(on, ...rules));
    expect(await verdictOf(attempt)).toMatchObject({ uploaded: false, ...verdict });
  });

  /** Files as hosts have them, and what their rules alone say of each mode: the rule that refuses, or that the upload works. */
  const whole: [what: string, on: RulesPlace, file: string[], passive: object, active: object][] = [
    [
      'the usual server of Red Hat, which rejects what is left',
      'vsftpd',
      [
        ...['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'],
        '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
        '-A INPUT -p tcp -m state --state NEW -m tcp --dport 21 -j ACCEPT',
        '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
        '-A FORWARD -j REJECT --reject-with icmp-host-prohibited',
        'COMMIT',
      ],
      { cause: 'data-refused', rule: '-A INPUT -j REJECT --reject-with icmp-host-prohibited' },
      works,
    ],
    [
      'a server that may open nothing itself',
      'vsftpd',
      [
        ...['*filter', ':INPUT ACCEPT [0:0]', ':OUTPUT DROP [0:0]'],
        '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
        'COMMIT',
      ],
      works,
      { cause: 'data-dropped', rule: 'policy OUTPUT DROP', failedAt: 'store-small' },
    ],
    [
      'a workstation that may call port 21 alone',
      'y-workstation',
      [
        ...['*filter', ':INPUT ACCEPT [0:0]', ':OUTPUT DROP [0:0]'],
        '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
        '-A OUTPUT -p tcp -m tcp --dport 21 -j ACCEPT',
        'COMMIT',
      ],
      { cause: 'data-dropped', rule: 'policy OUTPUT DROP', failedAt: 'store-small' },
      works,
    ],
    [
      'a server that lets in nothing but what opens a connection',
      'vsftpd',
      [
        ...['*filter', ':INPUT DROP [0:0]', ':OUTPUT ACCEPT [0:0]'],
        '-A INPUT -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT',
        'COMMIT',
      ],
      { cause: 'control-dropped', rule: 'policy INPUT DROP', failedAt: 'connect' },
      { cause: 'control-dropped', rule: 'policy INPUT DROP', failedAt: 'connect' },
    ],
    [
      'a server that drops before connection tracking',
      'vsftpd',
      [
        ...['*raw', ':PREROUTING ACCEPT [0:0]'],
        '-A PREROUTING -p tcp -m tcp --dport 1024:65535 --syn -m comment --comment early -j DROP',
        ...['COMMIT', '*filter', ':INPUT ACCEPT [0:0]', 'COMMIT'],
      ],
      { cause: 'data-dropped', rule: 'early', failedAt: 'store-small' },
      works,
    ],
    [
      'a server that forwards nothing, which is not asked',
      'vsftpd',
      [
        ...['*filter', ':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]'],
        '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
        '-A INPUT -i eth0 -p tcp -m multiport --dports 21,32768:60999 -j ACCEPT',
        ...['-A FORWARD -j DROP', 'COMMIT'],
      ],
      works,
      works,
    ],
  ];
  it.each(whole)('%s', async (_what, on, file, passive, active) => {
    await lab.load(savedRules('whole', on, `${file.join('\n')}\n`));
    for (const [modes, expected] of [
      [['pasv', 'epsv'], passive],
      [['port', 'eprt'], active],
    ] as const)
      for (const mode of modes) {
        const verdict = await verdictOf({ mode });
        expect({ mode, ...verdict }).toMatchObject({ mode, ...expected });
        expect(verdict.firewall).toBe(verdict.uploaded ? null : on);
      }
  });

  it.each([
    ['vsftpd', 'PREROUTING', 'pasv'],
    ['y-workstation', 'OUTPUT', 'port'],
  ] as const)('lets in at %s what the FTP helper of its own %s expects', async (on, chain, mode) => {
    const rules = [
      '*raw',
      ':PREROUTING ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      `-A ${chain} -p tcp --dport 21 -j CT --helper ftp`,
      'COMMIT',
      '*filter',
      ':INPUT DROP [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A INPUT -p tcp --dport 21 -j ACCEPT',
      'COMMIT',
    ];
    await lab.load(savedRules('helped', on, `${rules.join('\n')}\n`));
    expect(await verdictOf({ mode })).toMatchObject({ uploaded: true });
  });
});
