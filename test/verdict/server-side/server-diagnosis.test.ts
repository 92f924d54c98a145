import { describe, expect, it } from 'vitest';
import { transferModes } from '../../../lab/model/attempt.ts';
import type { FindingCode } from '../../../lab/model/result/server-diagnosis.ts';
import { cellsOf } from '../../../lab/model/scenario.ts';
import { readTables } from '../../../lab/policy/iptables-save.ts';
import { serverDiagnosisText } from '../../../lab/report/text/server-diagnosis.ts';
import type { Machine, ServerSide } from '../../../lab/verdict/server-side/host-facts.ts';
import { alike } from '../../../lab/verdict/server-side/like.ts';
import { readVsftpd } from '../../../lab/verdict/server-side/read-vsftpd.ts';
import { outcomeIn, serverDiagnosisOf } from '../../../lab/verdict/server-side/server-diagnosis.ts';
import { scenarios } from '../../../scenarios/index.ts';

const usual = ['write_enable=YES', 'connect_from_port_20=YES', 'pasv_min_port=50000', 'pasv_max_port=50100'];
const open21 = '-A INPUT -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT';
const established = '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT';
const related = '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT';
const openRange = '-A INPUT -p tcp --dport 50000:50100 -j ACCEPT';
const helper = '*raw\n-A PREROUTING -p tcp --dport 21 -j CT --helper ftp\nCOMMIT\n';

const machine: Machine = {
  addresses: ['203.0.113.9'],
  interfaces: ['eth0'],
  listening: [{ address: '0.0.0.0', port: 21 }],
  helperLoaded: true,
  helperByItself: false,
};

const side = (
  config: readonly string[],
  rules: readonly string[],
  more: Partial<ServerSide> = {},
  raw = '',
): ServerSide => ({
  service: readVsftpd({ path: 'vsftpd.conf', text: `${config.join('\n')}\n` }),
  rules: {
    file: 'host.rules',
    beside: [],
    tables: readTables(`${raw}*filter\n:INPUT DROP [0:0]\n${rules.join('\n')}\nCOMMIT\n`),
  },
  machine,
  seenAt: null,
  through: 'eth0',
  unread: [],
  ...more,
});

/** What each mode comes to, in the order of the modes. */
const outcomes = (given: ServerSide) => {
  const { findings } = serverDiagnosisOf(given);
  return transferModes.map((mode) => outcomeIn(mode, findings) ?? 'fine').join(' ');
};
const codes = (given: ServerSide) => serverDiagnosisOf(given).findings.map(({ code }) => code);

describe('from the server’s side', () => {
  it.each<[string, ServerSide, FindingCode[], string]>([
    ['all is open', side(usual, [established, open21, openRange]), [], 'fine fine fine fine'],
    ['only port 21 is', side(usual, [established, open21]), ['range-closed'], 'breaks breaks fine fine'],
    [
      'RELATED is, and no helper',
      side(usual, [related, open21]),
      ['related-without-helper'],
      'breaks breaks fine fine',
    ],
    ['the helper opens the ports', side(usual, [related, open21], {}, helper), [], 'fine fine fine fine'],
    [
      'the kernel attaches the helper',
      side(usual, [related, open21], { machine: { ...machine, helperByItself: true } }),
      [],
      'fine fine fine fine',
    ],
    [
      'the helper is bound to another port',
      side(
        [...usual, 'listen_port=2121'],
        [related, '-A INPUT -p tcp --dport 2121 -j ACCEPT'],
        { machine: { ...machine, listening: [{ address: '0.0.0.0', port: 2121 }] } },
        helper,
      ),
      ['related-without-helper'],
      'breaks breaks fine fine',
    ],
    [
      'a part of the range is open',
      side(usual, [established, open21, '-A INPUT -p tcp --dport 50000:50070 -j ACCEPT']),
      ['range-half-open'],
      'breaks breaks fine fine',
    ],
    [
      'TLS is required, and only the helper opens ports',
      side([...usual, 'ssl_enable=YES', 'require_ssl_reuse=NO'], [related, open21], {}, helper),
      ['helper-sees-no-tls'],
      'breaks breaks fine fine',
    ],
    [
      'TLS is on offer, and only the helper opens ports',
      side(
        [...usual, 'ssl_enable=YES', 'force_local_logins_ssl=NO', 'require_ssl_reuse=NO'],
        [related, open21],
        {},
        helper,
      ),
      ['helper-sees-no-tls'],
      'some some fine fine',
    ],
    [
      'the outside address is announced, and only the helper opens ports',
      side([...usual, 'pasv_address=198.51.100.1'], [related, open21], { seenAt: '198.51.100.1' }, helper),
      ['helper-sees-other-address'],
      'breaks fine fine fine',
    ],
    [
      'another address is announced than clients call',
      side([...usual, 'pasv_address=198.51.100.1'], [established, open21, openRange], {
        seenAt: '203.0.113.9',
      }),
      ['announced-other'],
      'breaks fine fine fine',
    ],
    [
      'a private address is announced',
      side([...usual, 'pasv_address=10.0.0.9'], [established, open21, openRange], { seenAt: '203.0.113.9' }),
      ['announced-private'],
      'breaks fine fine fine',
    ],
    [
      'it stands behind NAT',
      side(usual, [established, open21, openRange], {
        seenAt: '203.0.113.9',
        machine: { ...machine, addresses: ['10.0.0.9'] },
      }),
      ['own-address-other'],
      'unknown fine fine fine',
    ],
    [
      'it has a private address, and nobody said which clients call',
      side(usual, [established, open21, openRange], { machine: { ...machine, addresses: ['10.0.0.9'] } }),
      ['own-address-private'],
      'unknown fine fine fine',
    ],
    [
      'uploads are off',
      side(usual.slice(1), [established, open21, openRange]),
      ['uploads-off'],
      'breaks breaks breaks breaks',
    ],
    [
      'passive mode is off',
      side([...usual, 'pasv_enable=NO'], [established, open21]),
      ['passive-off'],
      'breaks breaks fine fine',
    ],
    [
      'nothing listens',
      side(usual, [established, open21, openRange], { machine: { ...machine, listening: [] } }),
      ['not-listening'],
      'unknown unknown unknown unknown',
    ],
    [
      'only loopback listens',
      side(usual, [established, open21, openRange], {
        machine: { ...machine, listening: [{ address: '127.0.0.1', port: 21 }] },
      }),
      ['not-listening'],
      'breaks breaks breaks breaks',
    ],
    [
      'no range is set',
      side(usual.slice(0, 2), [established, open21]),
      ['range-closed', 'range-unset'],
      'breaks breaks fine fine',
    ],
    [
      'the server may not call',
      side(usual, [
        established,
        open21,
        openRange,
        '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
        '-A OUTPUT -j REJECT',
      ]),
      ['active-closed'],
      'fine fine breaks breaks',
    ],
    [
      'the control port is closed',
      side(usual, [established, openRange]),
      ['control-closed'],
      'breaks breaks breaks breaks',
    ],
    [
      'replies are not let out',
      side(usual, [established, open21, openRange, '-A OUTPUT -j DROP']),
      ['control-closed', 'range-closed', 'active-closed'],
      'breaks breaks breaks breaks',
    ],
    [
      'the rules were not read',
      side(usual, [], { rules: { why: 'only root may' } }),
      ['rules-unread'],
      'unknown unknown unknown unknown',
    ],
    [
      'there is no configuration',
      side(usual, [established, open21], { service: { why: 'there is none' } }),
      ['config-unread'],
      'unknown unknown unknown unknown',
    ],
    [
      'a rule depends on more than the texts',
      side(usual, [established, open21, '-A INPUT -p tcp -m recent --rcheck --name knocked -j ACCEPT']),
      ['undecided-by-text'],
      'unknown unknown fine fine',
    ],
    [
      'the range has two ports for 50 sessions',
      side(
        [
          'write_enable=YES',
          'connect_from_port_20=YES',
          'pasv_min_port=50000',
          'pasv_max_port=50001',
          'max_clients=50',
        ],
        [established, open21, openRange],
      ),
      ['range-narrow'],
      'some some fine fine',
    ],
  ])('if %s', (_what, given, expected, modes) => {
    expect(codes(given)).toEqual(expected);
    expect(outcomes(given)).toBe(modes);
  });

  it('says where, why, what to do, and which scenario is like it', () => {
    const text = serverDiagnosisText(serverDiagnosisOf(side(usual, [established, open21])), {
      width: 200,
      color: false,
    });
    expect(text).toContain('what was found on this machine breaks uploads over pasv and epsv.');
    expect(text).toContain('at vsftpd.conf:3, vsftpd.conf:4');
    expect(text).toContain('at host.rules:2 :INPUT DROP');
    expect(text).toContain(
      'To do: iptables -I INPUT -p tcp --dport 50000:50100 -m conntrack --ctstate NEW -j ACCEPT',
    );
    expect(text).toContain('Like: ftplab run server-behind-firewall');
  });
});

it.each(Object.entries(alike))('%s is staged and cured by scenarios that exist', (_code, { like, cured }) => {
  const uploaded = (name: string) =>
    scenarios
      .filter((each) => each.name === name)
      .flatMap((each) => cellsOf(each).map(({ expected }) => expected.uploaded));
  expect(like.filter((name) => !uploaded(name).includes(false))).toEqual([]);
  expect(cured.filter((name) => !uploaded(name).includes(true))).toEqual([]);
});

/** Scenarios in which vsftpd has a firewall of its own. */
const ownFirewalls = scenarios.flatMap((scenario) => {
  const { ruleSet } = scenario;
  const rules = 'iptables' in ruleSet || 'firewalls' in ruleSet ? ruleSet.hosts?.vsftpd : undefined;
  return rules === undefined ? [] : [[scenario.name, rules, scenario] as const];
});

it.each(ownFirewalls)('%s comes to the same, seen from the server', (_name, rules, scenario) => {
  const tables = readTables(rules);
  const given = side(
    ['write_enable=YES', 'connect_from_port_20=YES', 'pasv_min_port=32768', 'pasv_max_port=60999'],
    [],
    { rules: { file: 'host.rules', tables, beside: [] } },
  );
  const { findings } = serverDiagnosisOf(given);
  for (const { key, expected } of cellsOf(scenario).filter((cell) => cell.key.server === 'vsftpd'))
    expect(outcomeIn(key.mode, findings), key.mode).toBe(expected.uploaded ? null : 'breaks');
});
