import { describe, expect, it } from 'vitest';
import { addressOf, addressPlan, interfaceOf, legAddress } from '../../lab/network/address-plan.ts';
import { noOwnAddresses, type OwnAddresses, withOwnAddresses } from '../../lab/network/own-addresses.ts';
import { allServerNames, clientNames, firewallNames } from '../../lab/network/topology.ts';

const planWith = (own: Partial<OwnAddresses>) =>
  withOwnAddresses(addressPlan(0), { ...noOwnAddresses, ...own });

describe('own addresses', () => {
  it('leave all other hosts where they were', () => {
    const plan = planWith({
      subnets: { y: '10.1.2.0/24' },
      addresses: { vsftpd: '198.51.100.77', 'isa-y/inside': '10.1.2.254' },
      interfaces: { 'isa-y': { inside: 'eth1', outside: 'ppp0' } },
    });
    expect(plan.subnets).toEqual({ x: '192.168.10.0/24', y: '10.1.2.0/24', external: '198.51.100.0/24' });
    expect(addressOf(plan, 'y-server')).toBe('10.1.2.10');
    expect(addressOf(plan, 'vsftpd')).toBe('198.51.100.77');
    expect(addressOf(plan, 'proftpd')).toBe('198.51.100.22');
    expect(legAddress(plan, 'isa-y', 'inside')).toBe('10.1.2.254');
    expect(interfaceOf(plan, 'isa-y', 'outside')).toBe('ppp0');
    expect(interfaceOf(plan, 'isa-x', 'outside')).toBe('outside');
  });

  it('of IPv6 stand beside those of IPv4, and displace none', () => {
    const plan = planWith({
      subnets6: { external: '2001:db8:bb::/64' },
      addresses6: { vsftpd: '2001:db8:bb::22', 'isa-y/outside': '2001:db8:bb::1' },
    });
    const outside = ['vsftpd', 'proftpd', 'pure-ftpd'].map((host) => addressOf(plan, host, 'ipv6'));
    expect(outside).toEqual(['2001:db8:bb::22', '2001:db8:bb::3', '2001:db8:bb::23']);
    expect(legAddress(plan, 'isa-y', 'outside', 'ipv6')).toBe('2001:db8:bb::1');
    expect(addressOf(plan, 'y-server', 'ipv6')).toBe('2001:db8:0:2::10');
    expect(addressOf(plan, 'vsftpd')).toBe('198.51.100.21');
    expect(() => planWith({ addresses6: { vsftpd: '2001:db8:bb::22' } })).toThrow(
      expect.objectContaining({
        message: 'vsftpd cannot have 2001:db8:bb::22: it is outside subnet external (2001:db8:0:3::/64)',
        hint: 'Give the subnet its range from production, such as --subnet external=2001:db8:bb::/64.',
      }),
    );
  });

  it.each<[string, Partial<OwnAddresses>]>([
    ['a server has the address of another', { addresses: { vsftpd: '198.51.100.22' } }],
    [
      'a firewall has the address that is usually Docker’s',
      { addresses: { 'isa-y/inside': '192.168.20.254' } },
    ],
    ['a subnet is small', { subnets: { y: '10.1.2.32/28' } }],
    [
      'a subnet is large',
      { subnets: { external: '172.16.0.0/14' }, addresses: { vsftpd: '172.19.255.254' } },
    ],
  ])('stay distinct if %s', (_what, own) => {
    const plan = planWith(own);
    const all = [...new Set([...clientNames(), ...allServerNames()])].map((host) => addressOf(plan, host));
    const sides = firewallNames().flatMap((name) => [
      legAddress(plan, name, 'inside'),
      legAddress(plan, name, 'outside'),
    ]);
    expect(new Set([...all, ...sides]).size).toBe(all.length + sides.length);
    for (const [place, address] of Object.entries(own.addresses ?? {}))
      expect(place.includes('/') ? sides : all).toContain(address);
  });

  it.each<[string, Partial<OwnAddresses>, string, RegExp]>([
    [
      'outside its subnet',
      { addresses: { vsftpd: '203.0.113.7' } },
      'address-outside-subnet',
      /vsftpd cannot have 203\.0\.113\.7: it is outside subnet external/,
    ],
    [
      'the first of its subnet',
      { addresses: { 'y-server': '192.168.20.0' } },
      'address-outside-subnet',
      /first or the last/,
    ],
    [
      'the last of its subnet',
      { addresses: { 'isa-y/inside': '192.168.20.255' } },
      'address-outside-subnet',
      /^isa-y inside/,
    ],
    [
      'in a subnet without room',
      { subnets: { external: '10.9.9.0/29' } },
      'subnet-too-small',
      /room for 6 hosts/,
    ],
  ])('are rejected %s', (_what, own, code, message) => {
    expect(() => planWith(own)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
