/** The change request for files of iptables-save: in the words of who keeps such a firewall, and of the program that wrote the file. */
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import type { TriedRules } from '../../lab/model/result/comparison.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules, savedRules } from '../../lab/policy/compile.ts';
import { changeRequest } from '../../lab/report/markdown/change-request/change-request.ts';
import { scenarios } from '../../scenarios/index.ts';
import { exposureOf, measured, pinholesOf } from '../exposure/fixtures.ts';
import { expertPatchOf, gateways, rulesOf } from '../fix/gateways.ts';
import { cell } from './fixtures.ts';

const origin = { version: '1.2.3', date: '2026-01-02', command: ['compare', 'a', 'b'] };

function side(
  file: string,
  text: string,
  kind: 'dropped' | 'up',
  more: Partial<TriedRules> = {},
): TriedRules {
  return {
    name: file.replace('.rules', ''),
    file,
    firewall: 'isa-y',
    ruleSet: null,
    rules: compileRules(savedRules(file, 'isa-y', text), addressPlan(0)),
    cells: [cell(file, 'y-server', 'vsftpd', 'pasv', kind)],
    exposure: exposureOf(
      file,
      [measured('y-server', 'vsftpd', 40000, [[21, 21]])],
      pinholesOf(() => false),
    ),
    notes: [{ kind: 'fact', text: '9 rules, loaded in 0.1 s.' }],
    ...more,
  };
}

/** The text of one section. */
function section(text: string, number: number): string {
  return text.split(/^## /m).find((part) => part.startsWith(`${number}. `)) ?? '';
}

const plain = `*nat
:POSTROUTING ACCEPT [7:420]
-A POSTROUTING -o ppp0 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
`;
const helper = '-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp';
const helped = `*raw
:PREROUTING ACCEPT [0:0]
${helper}
COMMIT
${plain}`;

describe('for a plain file', () => {
  const text = changeRequest(
    { before: side('gw.rules', plain, 'dropped'), after: side('new.rules', helped, 'up') },
    origin,
  );
  const [change, risk, back] = [2, 7, 8].map((number) => section(text, number));

  it('speaks of iptables and not of ISA', () => {
    expect(text).not.toMatch(/\bISA\b|console|Read Only box|isa-x/);
  });

  it('names the files', () => {
    expect(text).toMatch(/^# Change request: new\.rules in place of gw\.rules$/m);
  });

  it('has the new line alone, with its number, and nothing of tables that only moved', () => {
    expect(change?.match(/^[+-] .*$/gm)).toEqual([`+ 3  ${helper}`]);
    expect(change).not.toContain('MASQUERADE');
  });

  it('says how to keep, check, load and save the rules', () => {
    for (const words of [
      'iptables-save > /root/before.rules',
      'iptables-restore --test new.rules',
      'iptables-apply -t 60 new.rules',
      '/etc/iptables/rules.v4',
    ])
      expect(change).toContain(words);
  });

  it('gives the few commands, and those that undo them', () => {
    const words = helper.replace('-A PREROUTING', '');
    expect(change).toContain(`iptables -t raw -I PREROUTING 1${words}`);
    expect(back).toContain('iptables -t raw -D PREROUTING 1');
    expect(back).toContain('iptables-restore /root/before.rules');
  });

  it('says what becomes of open connections, and how long it takes', () => {
    expect(risk).toMatch(/live on as far as line \d+ of the new rules lets them/);
    expect(risk).toMatch(/have to log in again/);
    expect(risk).toMatch(/loaded the new file of 9 rules in 0\.1 s, and the former one of 9 rules in 0\.1 s/);
  });
});

describe('the risks of a file’s change', () => {
  const risky = (after: TriedRules) =>
    section(changeRequest({ before: side('gw.rules', helped, 'up'), after }, origin), 7);

  it('name what is lost, with its line', () => {
    const without = helped
      .replace('-A POSTROUTING -o ppp0 -j MASQUERADE\n', '')
      .replace(/^-A FORWARD .*80.*\n/m, '');
    const text = risky(side('new.rules', without, 'up'));
    expect(text).toMatch(
      /\*\*Lost\*\*: gw\.rules has its address translation \(line \d+: -A POSTROUTING -o ppp0 -j MASQUERADE\)/,
    );
    expect(text).toMatch(/\*\*Lost\*\*: gw\.rules has a rule \(line \d+: -A FORWARD .*--dport 80/);
  });

  it('name new rules that no packet met, and what the lab lacks', () => {
    const line = helped.split('\n').length - 1;
    const rule = '-A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT';
    const used = {
      'isa-y': [
        {
          table: 'filter',
          chain: 'FORWARD',
          line,
          rule,
          packets: 0,
          use: 'never' as const,
          shadowedBy: null,
        },
      ],
    };
    const needed = 'Line 3 depends on a set that CAN MATTER to an upload.';
    const notes = [{ kind: 'can-matter' as const, text: needed }];
    const text = risky(
      side('new.rules', helped.replace(/COMMIT\n$/, `${rule}\nCOMMIT\n`), 'up', { used, notes }),
    );
    expect(text).toContain(`No packet of these uploads met the new line ${line} (isa-y)`);
    expect(text).toMatch(/\*\*The lab differs from your firewall\*\*: Line 3/);
  });

  it('say that a rule set in ISA’s terms replaces the whole file', () => {
    const ruleSet = scenarios.find(({ name }) => name === 'ftp-filter')?.ruleSet;
    if (ruleSet?.kind !== 'isa') throw new Error('ftp-filter is a rule set in ISA’s terms');
    const { file: _file, firewall: _firewall, ...rest } = side('ftp-filter', helped, 'up');
    const text = risky({ ...rest, ruleSet, rules: compileRules(ruleSet, addressPlan(0)) });
    expect(text).toMatch(/\*\*The whole file is replaced\*\*.*`ftplab fix gw\.rules`/);
    expect(text).toMatch(/\*\*Lost\*\*: gw\.rules has its address translation/);
  });

  it('say in a sentence what a helper can be talked into', () => {
    const exposure = exposureOf(
      'new',
      [measured('y-server', 'vsftpd', 40000, [[21, 21]])],
      pinholesOf(({ command, port, names }) => command === 'PORT' && names === 'itself' && port === 'low'),
    );
    expect(risky(side('new.rules', helped, 'up', { exposure }))).toContain(
      'for a client that says PORT, isa-y lets the server connect to a port below 1024 on that client',
    );
  });
});

describe('for a file that a program wrote', () => {
  it.each<[string, RegExp[], RegExp[]]>([
    [
      'ufw-port-21',
      [
        /the work of ufw/,
        /cp -a \/etc\/ufw \/root\/ufw-before/,
        /\/etc\/ufw\/before\.rules/,
        /CT --helper ftp/,
        /`ufw reload`/,
      ],
      [/cp -a \/root\/ufw-before\/\. \/etc\/ufw\/\nufw reload/],
    ],
    [
      'shorewall-port-21',
      [
        /the work of Shorewall/,
        /shorewall save before/,
        /\/etc\/shorewall\/conntrack:/,
        /shorewall safe-reload/,
      ],
      [/shorewall restore before/],
    ],
    ['firehol-port-21', [/the work of FireHOL/, /firehol try/], [/firehol restart/]],
    ['firewalld-policy-ftp', [/the work of firewalld/, /firewall-cmd --reload/], [/firewall-cmd --reload/]],
  ])(
    '%s: the change is written where that program reads it, and undone there',
    async (name, changes, rollback) => {
      const gateway = gateways.find((one) => one.name === name);
      if (!gateway) throw new Error(`There is no gateway ${name}`);
      const before = await rulesOf(gateway);
      const after = applyPatch(before, await expertPatchOf(gateway));
      if (after === false) throw new Error('The patch does not apply');
      const text = changeRequest(
        { before: side('gw.rules', before, 'dropped'), after: side('new.rules', after, 'up') },
        origin,
      );
      for (const pattern of changes) expect(section(text, 2)).toMatch(pattern);
      for (const pattern of rollback) expect(section(text, 8)).toMatch(pattern);
      expect(section(text, 2)).not.toMatch(/iptables-persistent|iptables-apply/);
      expect(text).not.toMatch(/\bISA\b|undefined|NaN/);
    },
  );
});
