import { describe, expect, it } from 'vitest';
import type { AccessRule, FirewallPolicy, NetworkRule } from '../../lab/model/rule-set.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { type FirewallName, firewallNames } from '../../lab/network/topology.ts';
import { compileRules, savedRules } from '../../lab/policy/compile.ts';
import {
  allow,
  anywhere,
  cidr,
  computer,
  deny,
  external,
  ftp,
  ftpControl,
  ftpServer,
  inbound,
  internal,
  nat,
  outbound,
  protocol,
  publish,
  route,
  ruleSet,
  subnet,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';
import type { PublishingRuleOptions } from '../../lab/policy/rules.ts';
import { asReported } from '../../scenarios/as-reported.ts';
import { ftpFilter } from '../../scenarios/ftp-filter.ts';
import { scenarios } from '../../scenarios/index.ts';

const plan = addressPlan(0);
const out = { from: [internal], to: [external] };

function compile(policy: FirewallPolicy, firewall: FirewallName = 'isa-y') {
  const own = ruleSet({ name: 'own', description: '', both: policy });
  return compiledAt(own, firewall);
}

function compiledAt(rules: Parameters<typeof compileRules>[0], place: string) {
  const compiled = compileRules(rules, plan)[place];
  if (!compiled) throw new Error(`${place} loads nothing`);
  return compiled;
}

/** The rules of a chain, in order, without `-A CHAIN`. */
function chain(iptables: string, table: string, name: string): string[] {
  const rules = readTables(iptables).find((candidate) => candidate.name === table)?.rules ?? [];
  return rules.filter((rule) => rule.chain === name).map(({ text }) => text.replace(`-A ${name} `, ''));
}

/** The rules of FORWARD between those for known connections and the Default rule, without comments. */
function decided(accessRules: readonly AccessRule[], networkRule: NetworkRule | null = route()): string[] {
  const rules = chain(compile({ networkRule, accessRules }).iptables, 'filter', 'FORWARD');
  return rules.slice(2, -1).map((rule) => rule.replace(/-m comment --comment "[^"]*" /, ''));
}

it('as-reported on isa-y: port 21 and nothing else', () => {
  expect(compiledAt(asReported.ruleSet, 'isa-y')).toEqual({
    iptables: `# as-reported on isa-y
*raw
COMMIT
*mangle
COMMIT
*nat
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT
-A INPUT -p icmp -m conntrack --ctstate RELATED -m comment --comment "Established connections" -j ACCEPT
-A INPUT -m comment --comment "Default rule" -j DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT
-A FORWARD -p icmp -m conntrack --ctstate RELATED -m comment --comment "Established connections" -j ACCEPT
-A FORWARD -s 192.168.20.0/24 ! -d 192.168.20.0/24 -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW,RELATED -m comment --comment "FTP port 21" -j ACCEPT
-A FORWARD -m comment --comment "Default rule" -j DROP
COMMIT
`,
    iptables6: `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-solicitation -m comment --comment "Neighbour discovery" -j ACCEPT
-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-advertisement -m comment --comment "Neighbour discovery" -j ACCEPT
-A INPUT -m comment --comment "IPv6 is not supported" -j DROP
-A FORWARD -m comment --comment "IPv6 is not supported" -j DROP
COMMIT
`,
    nft: null,
  });
});

it('ftp-filter on isa-x: a helper, a mark, and the connections that the mark accepts', () => {
  const { iptables, nft } = compiledAt(ftpFilter.ruleSet, 'isa-x');
  const control = '-s 192.168.10.0/24 ! -d 192.168.10.0/24 -p tcp -m tcp --dport 21';
  expect(chain(iptables, 'raw', 'PREROUTING')).toEqual([
    `${control} -m comment --comment "FTP" -j CT --helper ftp`,
  ]);
  expect(chain(iptables, 'filter', 'FORWARD')).toEqual([
    '-m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT',
    '-p icmp -m conntrack --ctstate RELATED -m comment --comment "Established connections" -j ACCEPT',
    '-p tcp -m conntrack --ctstate RELATED -m connmark --mark 0x1 -m helper --helper ftp -m tcp --dport 1024:65535 -m comment --comment "FTP" -j ACCEPT',
    `${control} -m conntrack --ctstate NEW,RELATED -m comment --comment "FTP" -j CONNMARK --set-xmark 0x1/0xffffffff`,
    `${control} -m conntrack --ctstate NEW,RELATED -m comment --comment "FTP" -j ACCEPT`,
    '-m comment --comment "Default rule" -j DROP',
  ]);
  expect(nft).toContain('ct mark 0x1 tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x41555448 '); // AUTH
  expect(nft).not.toContain('0x53544f52'); // STOR
});

describe('every shipped ISA rule set, on each firewall', () => {
  const inItsTerms = scenarios.filter(({ ruleSet }) => 'firewalls' in ruleSet);
  const compiled = inItsTerms.flatMap(({ ruleSet }) =>
    firewallNames().map(
      (firewall) => [`${ruleSet.name} on ${firewall}`, compiledAt(ruleSet, firewall)] as const,
    ),
  );

  it.each(compiled)('%s replaces all four tables and ends in the Default rule', (_name, { iptables }) => {
    const tables = readTables(iptables).map(({ name }) => name);
    expect(tables.sort()).toEqual(['filter', 'mangle', 'nat', 'raw']);
    for (const name of ['INPUT', 'FORWARD']) {
      const rules = chain(iptables, 'filter', name);
      expect(rules.at(-1)).toBe('-m comment --comment "Default rule" -j DROP');
      expect(rules.filter((rule) => rule.includes('Default rule'))).toHaveLength(1);
    }
    for (const table of readTables(iptables))
      for (const { text } of table.rules) expect(text).toContain(' --comment "');
  });
});

describe('who an access rule is about', () => {
  it.each([
    ['internal to external', out, '-s 192.168.20.0/24 ! -d 192.168.20.0/24 -m'],
    [
      'external to internal',
      { from: [external], to: [internal] },
      '! -s 192.168.20.0/24 -d 192.168.20.0/24 -m',
    ],
    ['anywhere to anywhere', { from: [anywhere], to: [anywhere] }, '-m'],
    ['a subnet', { from: [subnet('x')], to: [anywhere] }, '-s 192.168.10.0/24 -m'],
    [
      'a computer',
      { from: [internal], to: [computer('pure-ftpd')] },
      '-s 192.168.20.0/24 -d 198.51.100.23/32 -m',
    ],
    ['a network', { from: [cidr('10.0.0.0/8')], to: [anywhere] }, '-s 10.0.0.0/8 -m'],
  ])('%s', (_what, ends, match) => {
    expect(decided([allow('a', { protocols: 'all', ...ends })])).toEqual([
      `${match} conntrack --ctstate NEW,RELATED -j ACCEPT`,
    ]);
  });

  it('is every source with every destination', () => {
    const rule = allow('a', {
      protocols: [ftpControl],
      from: [computer('y-server'), computer('y-workstation')],
      to: [computer('vsftpd'), computer('proftpd')],
    });
    expect(decided([rule]).map((text) => text.split(' -p')[0])).toEqual([
      '-s 192.168.20.10/32 -d 198.51.100.21/32',
      '-s 192.168.20.10/32 -d 198.51.100.22/32',
      '-s 192.168.20.11/32 -d 198.51.100.21/32',
      '-s 192.168.20.11/32 -d 198.51.100.22/32',
    ]);
  });
});

describe('which connections a protocol is made of', () => {
  const both = protocol('Both', {
    primary: [outbound(tcp(990))],
    secondary: [outbound(tcpRange(5000, 5100)), inbound(tcpRange(6000, 6001))],
  });
  const data = protocol('Data', { primary: [outbound(tcpRange(1024, 65535))] });

  it('secondary ones run either way between the same two', () => {
    expect(decided([deny('a', { protocols: [both], ...out })])).toEqual([
      '-s 192.168.20.0/24 ! -d 192.168.20.0/24 -p tcp -m tcp --dport 990 -m conntrack --ctstate NEW,RELATED -j DROP',
      '-s 192.168.20.0/24 ! -d 192.168.20.0/24 -p tcp -m tcp --dport 5000:5100 -m conntrack --ctstate NEW,RELATED -j DROP',
      '! -s 192.168.20.0/24 -d 192.168.20.0/24 -p tcp -m tcp --dport 6000:6001 -m conntrack --ctstate NEW,RELATED -j DROP',
    ]);
  });

  it('source ports limit the primary ones', () => {
    const rule = allow('a', { protocols: [both], ...out, sourcePorts: tcp(20) });
    const ports = decided([rule]).map((text) => /-m tcp (.*?) -m/.exec(text)?.[1]);
    expect(ports).toEqual(['--sport 20 --dport 990', '--dport 5000:5100', '--dport 6000:6001']);
  });

  it('source port 20 to high ports, inbound', () => {
    const rule = allow('a', { protocols: [data], from: [external], to: [internal], sourcePorts: tcp(20) });
    expect(decided([rule])).toEqual([
      '! -s 192.168.20.0/24 -d 192.168.20.0/24 -p tcp -m tcp --sport 20 --dport 1024:65535 -m conntrack --ctstate NEW,RELATED -j ACCEPT',
    ]);
  });
});

it('access rules keep their order, so that the first match decides', () => {
  const rules = [
    deny('third floor', { protocols: 'all', ...out }),
    allow('first aid', { protocols: [ftpControl], ...out }),
    deny('second thoughts', { protocols: [ftpControl], ...out }),
  ];
  const { iptables } = compile({ networkRule: route(), accessRules: rules });
  const names = chain(iptables, 'filter', 'FORWARD').map((rule) => /--comment "(.*?)"/.exec(rule)?.[1]);
  expect(names.slice(2)).toEqual(['third floor', 'first aid', 'second thoughts', 'Default rule']);
});

describe('the FTP access filter', () => {
  const writable = allow('writable', {
    protocols: [ftp],
    from: [internal],
    to: [computer('vsftpd')],
    ftpReadOnly: false,
  });
  const readable = allow('readable', { protocols: [ftp], ...out });

  it('marks the connections of two rules differently', () => {
    const { iptables, nft } = compile({ networkRule: route(), accessRules: [writable, readable] });
    const forward = chain(iptables, 'filter', 'FORWARD');
    const marks = (name: string) =>
      forward.filter((rule) => rule.includes(`"${name}"`)).map((rule) => /mark (0x\w+)/.exec(rule)?.[1]);
    expect(marks('writable')).toEqual(['0x1', '0x1', undefined]);
    expect(marks('readable')).toEqual(['0x2', '0x2', undefined]);
    expect(nft).toContain('ct mark 0x2 tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x53544f52 ');
    expect(nft).toContain('ct mark 0x1 tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x41555448 '); // AUTH
    expect(nft).not.toContain('ct mark 0x1 tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x53544f52 ');
  });

  it('rewrites the command that starts TLS, and under Read Only those that change the server', () => {
    const { nft } = compile({ networkRule: route(), accessRules: [readable] });
    const spoil = (mask: string, command: string) =>
      `ct mark 0x1 tcp dport 21 @ih,0,32 & ${mask} == ${command} meta nftrace set 1 @ih,0,16 set 0x5858 comment "readable"`;
    expect(nft?.split('\n').map((line) => line.trim())).toEqual([
      'table inet ftp-filter {',
      'chain forward {',
      'type filter hook forward priority mangle; policy accept;',
      spoil('0xdfdfdfdf', '0x41555448'), // AUTH
      spoil('0xdfdfdfdf', '0x53544f52'), // STOR
      spoil('0xdfdfdfdf', '0x53544f55'), // STOU
      spoil('0xdfdfdfdf', '0x41505045'), // APPE
      spoil('0xdfdfdfdf', '0x44454c45'), // DELE
      spoil('0xdfdfdfdf', '0x524e4652'), // RNFR
      spoil('0xdfdfdfff', '0x4d4b4420'), // MKD and a blank
      spoil('0xdfdfdfff', '0x524d4420'), // RMD and a blank
      '}',
      '}',
      '',
    ]);
  });

  it('does not apply to deny rules, nor to all protocols', () => {
    const accessRules = [deny('a', { protocols: [ftp], ...out }), allow('b', { protocols: 'all', ...out })];
    const { iptables, nft } = compile({ networkRule: route(), accessRules });
    expect(iptables).not.toMatch(/helper|mark/);
    expect(nft).toBeNull();
  });

  it('reads the control connection on the port of the protocol', () => {
    const custom = protocol('FTP on 2121', { primary: [outbound(tcp(2121))], filter: 'ftp' });
    const { iptables, nft } = compile({
      networkRule: route(),
      accessRules: [allow('a', { protocols: [custom], ...out })],
    });
    expect(chain(iptables, 'raw', 'PREROUTING')[0]).toContain('--dport 2121 ');
    expect(nft).toContain(' tcp dport 2121 ');
  });
});

describe('network rules', () => {
  it('route lets both sides open connections and rewrites nothing', () => {
    const { iptables } = compile({ networkRule: route(), accessRules: [] });
    expect(chain(iptables, 'nat', 'POSTROUTING')).toEqual([]);
    expect(decided([])).toEqual([]);
  });

  it.each([
    ['isa-x', '192.168.10.0/24', '198.51.100.2'],
    ['isa-y', '192.168.20.0/24', '198.51.100.3'],
  ] as const)('NAT hides what is behind %s, one way', (firewall, inside, outside) => {
    const inward = allow('in', { protocols: 'all', from: [external], to: [internal] });
    const { iptables } = compile({ networkRule: nat('Hide'), accessRules: [inward] }, firewall);
    expect(chain(iptables, 'nat', 'POSTROUTING')).toEqual([
      `-s ${inside} ! -d ${inside} -m comment --comment "Hide" -j SNAT --to-source ${outside}`,
    ]);
    const [oneWay, allowed] = chain(iptables, 'filter', 'FORWARD').slice(2);
    expect(oneWay).toBe(
      `! -s ${inside} -d ${inside} -m conntrack --ctstate NEW,RELATED -m comment --comment "Hide (NAT is one-way)" -j DROP`,
    );
    expect(allowed).toContain('"in" -j ACCEPT');
  });

  it('under NAT what the filter negotiated comes before the one-way rule', () => {
    const targets = decided([allow('a', { protocols: [ftp], ...out, ftpReadOnly: false })], nat()).map(
      (rule) => rule.split(' -j ')[1],
    );
    expect(targets).toEqual(['ACCEPT', 'DROP', 'CONNMARK --set-xmark 0x1/0xffffffff', 'ACCEPT']);
  });

  it('without one, everything is dropped before any access rule', () => {
    const { iptables } = compile({
      networkRule: null,
      accessRules: [allow('a', { protocols: [ftp], ...out })],
    });
    expect(chain(iptables, 'filter', 'FORWARD')[2]).toBe('-m comment --comment "No network rule" -j DROP');
  });
});

it('escapes names as iptables-save does', () => {
  const { iptables } = compile({
    networkRule: route(),
    accessRules: [allow(`Bob's \\ rule`, { protocols: 'all', ...out })],
  });
  expect(iptables).toContain(`--comment "Bob\\'s \\\\ rule" -j ACCEPT`);
});

describe('idle connections', () => {
  it('are forgotten after the timeout of the policy', () => {
    const { nft } = compile({ networkRule: route(), accessRules: [], idleTimeout: 90 });
    expect(nft).toContain('table inet idle-timeout {');
    expect(nft).toContain('policy = { established : 90 };');
    expect(nft).toContain(
      'meta nfproto ipv4 meta l4proto tcp ct timeout set "idle-90-ipv4" comment "Idle timeout"',
    );
  });

  it('stay known if the policy has no timeout', () => {
    expect(compile({ networkRule: route(), accessRules: [] }).nft).toBeNull();
  });
});

describe('a server publishing rule', () => {
  const rule = (options: Partial<Omit<PublishingRuleOptions, 'server'>> = {}) =>
    publish('Y', { server: 'y-server', protocol: ftpServer, ftpReadOnly: false, ...options });
  const called = '! -s 192.168.20.0/24 -d 198.51.100.3/32 -p tcp -m tcp';
  const comment = '-m comment --comment "Y"';

  it('brings calls of the outside address to the server under NAT, and lets nothing else come in', () => {
    const { iptables } = compile({ networkRule: nat(), accessRules: [rule({ port: 2121 })] });
    expect(chain(iptables, 'raw', 'PREROUTING')).toEqual([
      `${called} --dport 2121 ${comment} -j CT --helper ftp`,
    ]);
    expect(chain(iptables, 'nat', 'PREROUTING')).toEqual([
      `${called} --dport 2121 ${comment} -j DNAT --to-destination 192.168.20.10:21`,
    ]);
    const forward = chain(iptables, 'filter', 'FORWARD');
    const oneWay = forward.findIndex((text) => text.includes('NAT is one-way'));
    expect(forward[oneWay]).toContain('-m conntrack ! --ctstate DNAT');
    expect(forward.slice(oneWay + 1).map((text) => text.replace(/-m conntrack .*/, ''))).toEqual([
      '! -s 192.168.20.0/24 -d 192.168.20.10/32 -p tcp -m tcp --dport 21 ',
      '! -s 192.168.20.0/24 -d 192.168.20.10/32 -p tcp -m tcp --dport 21 ',
      '-m comment --comment "Default rule" -j DROP',
    ]);
  });

  it('translates nothing under route, where clients call the server', () => {
    const { iptables } = compile({ networkRule: route(), accessRules: [rule()] });
    expect(readTables(iptables).find(({ name }) => name === 'nat')?.rules).toEqual([]);
    expect(chain(iptables, 'raw', 'PREROUTING')).toEqual([
      `! -s 192.168.20.0/24 -d 192.168.20.10/32 -p tcp -m tcp --dport 21 ${comment} -j CT --helper ftp`,
    ]);
  });

  it("gives requests the firewall's inside address if it does not keep the client's", () => {
    const { iptables } = compile({ networkRule: nat(), accessRules: [rule({ keepClientAddress: false })] });
    expect(chain(iptables, 'nat', 'POSTROUTING')[0]).toBe(
      `! -s 192.168.20.0/24 -d 192.168.20.10/32 -p tcp -m tcp --dport 21 ${comment} -j SNAT --to-source 192.168.20.1`,
    );
  });

  it('of both firewalls does nothing on the one that the server is not behind', () => {
    const policy = { networkRule: nat(), accessRules: [rule()] };
    expect(compile(policy, 'isa-x')).toEqual(compile({ ...policy, accessRules: [] }, 'isa-x'));
  });

  it.each([
    ['an outbound protocol', () => rule({ protocol: ftp }), 'is outbound'],
    [
      'Read Only without the filter',
      () => rule({ protocol: protocol('Bare', { primary: [inbound(tcp(21))] }), ftpReadOnly: true }),
      'Read Only',
    ],
    ['a port that does not exist', () => rule({ port: 70000 }), '70000'],
  ])('cannot have %s', (_what, make, word) => {
    expect(make).toThrow(word);
  });
});

it('loads iptables rules unchanged, and adds missing tables as empty ones', () => {
  const filter = (last: string) => `*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ${last}\nCOMMIT\n`;
  const own = {
    kind: 'iptables' as const,
    name: 'own',
    description: 'Accepts on isa-x, rejects on isa-y.',
    iptables: { 'isa-x': filter('ACCEPT'), 'isa-y': filter('REJECT') },
  };
  const [x, y] = [compiledAt(own, 'isa-x'), compiledAt(own, 'isa-y')];
  expect([x.nft, y.nft]).toEqual([null, null]);
  expect(x.iptables.startsWith(filter('ACCEPT'))).toBe(true);
  expect(y.iptables.startsWith(filter('REJECT'))).toBe(true);
  expect(
    readTables(y.iptables)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['filter', 'mangle', 'nat', 'raw']);
});

describe("a host's own rules", () => {
  const own = '*filter\n:INPUT DROP [0:0]\nCOMMIT\n';

  it('of a file stand on that host alone, and the firewalls let everything pass', () => {
    const compiled = compileRules(savedRules('own', 'vsftpd', own), plan);
    expect(Object.keys(compiled).sort()).toEqual(['isa-x', 'isa-y', 'vsftpd']);
    expect(compiled.vsftpd?.iptables).toContain(':INPUT DROP');
    expect(compiled['isa-y']?.iptables).toContain(':FORWARD ACCEPT');
    expect(compiled['isa-y']?.iptables).not.toContain('-A ');
  });

  it.each([
    [
      'in terms of ISA',
      ruleSet({
        name: 'own',
        description: '',
        both: { networkRule: route(), accessRules: [] },
        hosts: { vsftpd: own },
      }),
    ],
    [
      'in iptables',
      {
        kind: 'iptables',
        name: 'own',
        description: '',
        iptables: { 'isa-x': own, 'isa-y': own },
        hosts: { vsftpd: own },
      } as const,
    ],
  ])('of a rule set %s stand beside those of the firewalls', (_what, rules) => {
    const compiled = compileRules(rules, plan);
    expect(compiled.vsftpd?.iptables).toContain(':INPUT DROP');
    expect(Object.keys(compiled).sort()).toEqual(['isa-x', 'isa-y', 'vsftpd']);
    expect(Object.keys(compileRules(asReported.ruleSet, plan)).sort()).toEqual(['isa-x', 'isa-y']);
  });
});

describe('IPv6', () => {
  const tables = (ipv6?: true) =>
    compileRules(
      ruleSet({
        name: 'six',
        description: '',
        both: {
          networkRule: nat(),
          accessRules: [
            allow('FTP', { protocols: [ftp], from: [internal], to: [computer('vsftpd')], ftpReadOnly: true }),
            allow('Office', { protocols: [ftp], from: [cidr('192.0.2.0/24')], to: [external] }),
          ],
        },
        ...(ipv6 && { ipv6 }),
      }),
      plan,
    )['isa-y']?.iptables6 ?? '';

  it('is dropped if the rule set does not speak of it', () => {
    expect(chain(tables(), 'filter', 'FORWARD')).toEqual([
      '-m comment --comment "IPv6 is not supported" -j DROP',
    ]);
  });

  it('has the same rules with its own addresses, without those about IPv4 ranges', () => {
    const text = tables(true);
    const upload = '-s 2001:db8:0:2::/64 -d 2001:db8:0:3::21/128 -p tcp -m tcp --dport 21';
    expect(chain(text, 'raw', 'PREROUTING')).toEqual([
      `${upload} -m comment --comment "FTP" -j CT --helper ftp`,
    ]);
    expect(chain(text, 'nat', 'POSTROUTING').join()).toContain('-j SNAT --to-source 2001:db8:0:3::3');
    expect(chain(text, 'filter', 'INPUT').join()).toContain('--icmpv6-type neighbour-solicitation');
    expect(text).toContain(
      `${upload} -m conntrack --ctstate NEW,RELATED -m comment --comment "FTP" -j ACCEPT`,
    );
    expect(text).not.toMatch(/192\.|-p icmp /);
  });
});
