/** The public interface against a lab: rules that the lab's authors did not think of, and the verdicts that they deserve. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { type AttemptOptions, type Lab, type Rules, savedRules, startLab } from '../../lab/index.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'it-lab' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

const cell: AttemptOptions = { client: 'y-server', server: 'vsftpd', mode: 'pasv' };

/** The rules of an iptables-save file on isa-y; nothing passes isa-x. */
function onY(name: string, ...lines: string[]): Rules {
  return savedRules(name, 'isa-y', `${lines.join('\n')}\n`);
}

const forward = (...rules: string[]) => ['*filter', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT'];
const dataPorts = '-p tcp --syn -m multiport --dports 1024:65535';

describe('the deciding rule of other people', () => {
  const table: [what: string, lines: string[], verdict: object][] = [
    [
      'REJECT with a reset',
      forward(
        `-A FORWARD ${dataPorts} -m comment --comment "no high ports" -j REJECT --reject-with tcp-reset`,
      ),
      { cause: 'data-refused', firewall: 'isa-y', rule: 'no high ports', failedAt: 'store-small' },
    ],
    [
      'REJECT with an ICMP error',
      forward(`-A FORWARD ${dataPorts} -j REJECT --reject-with icmp-admin-prohibited`),
      {
        cause: 'data-refused',
        firewall: 'isa-y',
        rule: '-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m multiport --dports 1024:65535 -j REJECT --reject-with icmp-admin-prohibited',
      },
    ],
    [
      "a chain's policy",
      ['*filter', ':FORWARD DROP [0:0]', 'COMMIT'],
      { cause: 'control-dropped', firewall: 'isa-y', rule: 'policy FORWARD DROP', failedAt: 'connect' },
    ],
    [
      'a rejected login port',
      forward('-A FORWARD -p tcp --dport 21 -m comment --comment "no FTP" -j REJECT'),
      { cause: 'control-refused', firewall: 'isa-y', rule: 'no FTP', failedAt: 'connect' },
    ],
    [
      'a user chain in another table',
      [
        '*mangle',
        ':FORWARD ACCEPT [0:0]',
        ':data - [0:0]',
        `-A FORWARD ${dataPorts} -j data`,
        '-A data -m comment --comment "deep inside" -j DROP',
        'COMMIT',
      ],
      { cause: 'data-dropped', firewall: 'isa-y', rule: 'deep inside' },
    ],
    [
      'a SYN that passes and an answer that does not',
      forward(
        '-A FORWARD -p tcp --sport 1024:65535 --dport 1024:65535 --tcp-flags SYN,ACK SYN,ACK -m comment --comment "no answers" -j DROP',
      ),
      { cause: 'data-dropped', firewall: 'isa-y', rule: 'no answers' },
    ],
  ];
  it.each(table)('%s', async (_what, lines, verdict) => {
    await lab.load(onY('foreign', ...lines));
    expect((await lab.attempt(cell)).verdict).toMatchObject({ uploaded: false, ...verdict });
  });

  it('names the redirection, not the server, if nobody listens where it leads', async () => {
    await lab.load(
      onY(
        'redirect',
        '*nat',
        ':PREROUTING ACCEPT [0:0]',
        '-A PREROUTING -p tcp --dport 21 -j REDIRECT --to-ports 2121',
        'COMMIT',
      ),
    );
    expect((await lab.attempt(cell)).verdict).toMatchObject({
      cause: 'control-refused',
      failedAt: 'connect',
      firewall: 'isa-y',
      rule: expect.stringContaining('-j REDIRECT --to-ports 2121'),
    });
  });

  it('names the rule that dropped the command, and the command', async () => {
    await lab.load(
      onY('no-stor', ...forward('-A FORWARD -p tcp --dport 21 -m string --string STOR --algo bm -j DROP')),
    );
    const { verdict, steps } = await lab.attempt({ ...cell, client: 'y-workstation' });
    expect(verdict).toMatchObject({
      cause: 'command-refused-by-firewall',
      failedAt: 'store-small',
      firewall: 'isa-y',
      rule: expect.stringContaining('--string "STOR"'),
      sentence: expect.stringContaining('STOR'),
    });
    expect(steps.find(({ name }) => name === 'list')?.outcome).toBe('ok');
  });

  it('waits if a drop is not final', async () => {
    await lab.load(
      onY(
        'every-other',
        ...forward(`-A FORWARD ${dataPorts} -m statistic --mode nth --every 2 --packet 0 -j DROP`),
      ),
    );
    expect(lab.remembers).toBe(true);
    expect((await lab.attempt(cell)).verdict).toMatchObject({ uploaded: true, cause: 'none' });
  });
});

describe('by client programs', () => {
  const programs = ['curl', 'lftp', 'tnftp', 'ftplib'] as const;
  const from = { ...cell, client: 'y-workstation' } as const;

  it.each([
    [
      'a rejected data connection',
      `-A FORWARD ${dataPorts} -m comment --comment "no high ports" -j REJECT --reject-with tcp-reset`,
      // tnftp then has the server call, and that is rejected too: the server says 425.
      { cause: 'data-refused', firewall: 'isa-y', rule: 'no high ports', failedAt: 'store-small' },
    ],
    [
      'a dropped login port',
      '-A FORWARD -p tcp --dport 21 -m comment --comment "no FTP" -j DROP',
      { cause: 'control-dropped', firewall: 'isa-y', rule: 'no FTP', failedAt: 'connect' },
    ],
  ])('%s', async (_what, rule, verdict) => {
    await lab.load(onY('foreign', ...forward(rule)));
    const cells = await Promise.all(programs.map((driver) => lab.attempt({ ...from, driver })));
    for (const { id, verdict: found } of cells) expect(found, id).toMatchObject(verdict);
  });

  it('proves each of several attempts of one program by its own packets', async () => {
    await lab.load(onY('foreign', ...forward(`-A FORWARD ${dataPorts} -j DROP`)));
    const cells = await Promise.all([1, 2, 3].map(() => lab.attempt({ ...from, driver: 'curl' })));
    expect(new Set(cells.map(({ verdict }) => verdict.packet?.source)).size).toBe(3);
    expect(new Set(cells.map(({ verdict }) => verdict.packet?.destination)).size).toBe(3);
  });
});

describe('a lab', () => {
  it('does not load rules while an attempt runs under others', async () => {
    await lab.load(onY('open', ...forward()));
    const attempt = lab.attempt(cell);
    await expect(lab.load(onY('other', ...forward()))).rejects.toMatchObject({ code: 'attempts-running' });
    expect((await attempt).verdict.uploaded).toBe(true);
  });

  it('keeps the former rules on both firewalls if new ones load on only one', async () => {
    await lab.load(onY('before', ...forward()));
    const bad = onY('bad', ...forward('-A FORWARD -m nosuch -j DROP'));
    await expect(lab.load(bad)).rejects.toMatchObject({ code: 'rule-set-does-not-load' });
    expect(await lab.attempt(cell)).toMatchObject({ ruleSet: 'before', verdict: { uploaded: true } });
  });

  it('lets nobody else in, not even from another account', async () => {
    const state = mkdtempSync(join(tmpdir(), 'ftplab-state-'));
    const former = process.env.FTPLAB_STATE;
    process.env.FTPLAB_STATE = state;
    try {
      await expect(startLab({ name: 'it-lab' })).rejects.toMatchObject({ code: 'lab-in-use' });
    } finally {
      if (former === undefined) delete process.env.FTPLAB_STATE;
      else process.env.FTPLAB_STATE = former;
      rmSync(state, { recursive: true });
    }
    expect((await lab.attempt(cell)).steps[0]?.outcome).toBe('ok');
  });

  it('knows nothing of attempts on a host in which everything was killed by hand, and goes on with others', async () => {
    await lab.load(onY('open', ...forward()));
    const engine = await findEngine();
    await engine.run({ lab: 'it-lab', host: 'proftpd' }, ['bash', '-c', 'kill -9 -1']);
    expect((await lab.attempt({ ...cell, server: 'proftpd' })).verdict).toMatchObject({
      uploaded: false,
      cause: 'inconclusive',
      sentence: expect.stringMatching(/^Nothing is known of this attempt.*proftpd/),
    });
    expect((await lab.attempt(cell)).verdict).toMatchObject({ uploaded: true, cause: 'none' });
  });
});
