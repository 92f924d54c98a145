import { describe, expect, it } from 'vitest';
import { linesUnder } from '../../lab/exposure/lines.ts';
import { lineName } from '../../lab/model/exposure.ts';
import { addressOf, addressPlan } from '../../lab/network/address-plan.ts';

const plan = addressPlan(0);
const address = (name: Parameters<typeof addressOf>[1]) => addressOf(plan, name);
const under = (iptables: string, addresses: readonly string[] = []) => {
  const own = {
    iptables,
    nft: null,
    addresses: addresses.map((address) => ({ device: 'outside', address })),
  };
  return linesUnder({ 'isa-x': { iptables: '', nft: null }, 'isa-y': own }, plan).map((line) =>
    lineName(line, {}),
  );
};

const everywhere = [
  'x-workstation to y-server',
  'x-workstation to vsftpd',
  'y-server to x-workstation',
  'y-server to vsftpd',
  'vsftpd to x-workstation',
  'vsftpd to y-server',
  'vsftpd to isa-x',
  'vsftpd to isa-y',
];

describe('the lines to probe', () => {
  it('lead to each further address at which a firewall publishes servers', () => {
    expect(under('', ['198.51.100.9'])).toEqual([...everywhere, 'vsftpd to isa-y (198.51.100.9)']);
  });

  it.each([
    ['without rules', ''],
    ['under rules about whole networks', `-A FORWARD -s ${plan.subnets.y} ! -d ${plan.subnets.y} -j ACCEPT`],
    ['under rules about other addresses', '-A FORWARD -s 10.1.2.3 -d 10.0.0.0/8 -j ACCEPT'],
  ])('join every network with every other one: %s', (_what, rules) => {
    expect(under(rules)).toEqual(everywhere);
  });

  it.each([
    ['an address', `-d ${address('proftpd')}/32`],
    ['an address with a mask in dots', `-d ${address('proftpd')}/255.255.255.255`],
    ['what is not an address', `! -d ${address('proftpd')}`],
    ['a long option', `--destination=${address('proftpd')}`],
    ['a range', `-m iprange --dst-range ${address('proftpd')}-198.51.100.30`],
    ['an address among several', `-d 10.0.0.1,${address('proftpd')}`],
    ['a destination NAT', `-j DNAT --to-destination ${address('proftpd')}`],
  ])('lead to each host that %s sets apart from its network', (_what, match) => {
    const lines = under(`-A FORWARD ${match} -j ACCEPT`);
    expect(lines).toContain('y-server to proftpd');
    expect(lines).toContain('x-workstation to proftpd');
    expect(lines).not.toContain('proftpd to y-server');
  });

  it('come from each host that a source sets apart from its network', () => {
    const lines = under(`-A FORWARD -s ${address('y-workstation')} -d ${address('pure-ftpd')} -j ACCEPT`);
    expect(lines).toContain('y-workstation to pure-ftpd');
    expect(lines).toContain('y-workstation to vsftpd');
  });

  it('lead to one host of each kind', () => {
    const lines = under(`-A FORWARD -d ${address('y-server')} -j ACCEPT`);
    expect(lines.filter((line) => line.startsWith('vsftpd to y'))).toEqual([
      'vsftpd to y-server',
      'vsftpd to y-workstation',
    ]);
  });

  describe('over IPv6', () => {
    const at = (name: Parameters<typeof addressOf>[1]) => addressOf(plan, name, 'ipv6');
    const over6 = (rules: { iptables?: string; iptables6?: string; ruleset?: string }) =>
      linesUnder(
        {
          'isa-y': {
            iptables: '',
            nft: null,
            addresses: [{ device: 'outside', address: '198.51.100.9' }],
            ...rules,
          },
        },
        plan,
        'ipv6',
      ).map((line) => lineName(line, {}));
    const usual = everywhere.map((line) => `${line} over IPv6`);

    it.each([
      ['no rules about it', {}],
      ['rules about IPv4', { iptables: `-A FORWARD -d ${address('proftpd')} -j ACCEPT` }],
      ['rules about whole networks', { iptables6: '-A FORWARD -s 2001:db8:0:2::/64 -d ::/0 -j ACCEPT' }],
      ['a hardware address in nft', { ruleset: 'ether saddr 02:42:c6:33:64:16 accept' }],
    ])('join every network with every other one: %s', (_what, rules) => expect(over6(rules)).toEqual(usual));

    it.each([
      ['an address', { iptables6: `-A FORWARD -d ${at('proftpd')}/128 -j ACCEPT` }],
      [
        'an address written at length',
        { iptables6: '-A FORWARD -d 2001:0db8:0000:0003:0000:0000:0000:0022 -j ACCEPT' },
      ],
      [
        'a mask',
        { iptables6: `-A FORWARD -d ${at('proftpd')}/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff -j ACCEPT` },
      ],
      [
        'a range',
        { iptables6: `-A FORWARD -m iprange --dst-range ${at('proftpd')}-2001:db8:0:3::2f -j ACCEPT` },
      ],
      ['a word of nft', { ruleset: `ip6 daddr ${at('proftpd')} tcp dport 21 accept` }],
      ['a set of nft', { ruleset: `elements = { 2001:db8:1::/48, ${at('proftpd')}-2001:db8:0:3::2f }` }],
    ])('lead to each host that %s sets apart', (_what, rules) => {
      expect(over6(rules)).toContain('y-server to proftpd over IPv6');
    });
  });

  it('join all hosts if an ipset decides, since its members are not in the rules', () => {
    const lines = under('-A FORWARD -m set --match-set partners dst -j ACCEPT');
    expect(lines).toContain('y-server to pure-ftpd');
    expect(lines).toContain('y-workstation to vsftpd-write-off');
  });
});
