import { describe, expect, it } from 'vitest';
import { ownAddressesOf } from '../../lab/cli/options/own-addresses.ts';

const none = { inside: undefined, outside: undefined };
const of = (
  options: Partial<Parameters<typeof ownAddressesOf>[0]>,
  hosts: Record<string, string> = {},
  on = 'isa-y',
) =>
  ownAddressesOf(
    { ...none, ...options } as Parameters<typeof ownAddressesOf>[0],
    Object.entries(hosts).map(([name, value]) => ({ name, value })),
    on,
    {},
  );

describe('options with IPv6', () => {
  it('stand beside those with IPv4', () => {
    const own = of(
      {
        subnet: [
          { name: 'y', value: '10.1.2.0/24' },
          { name: 'y', value: '2001:DB8:aa:0::/64' },
        ],
        interface: ['eth1=y=10.1.2.1', 'eth1=y=2001:db8:aa::1'],
        outside: { name: 'ppp0', value: '2001:db8:bb::3' },
      },
      { vsftpd: '2001:db8:bb:0::5', 'y-server': '10.1.2.10' },
    );
    expect(own).toMatchObject({
      subnets: { y: '10.1.2.0/24' },
      subnets6: { y: '2001:db8:aa::/64' },
      addresses: { 'isa-y/inside': '10.1.2.1', 'y-server': '10.1.2.10' },
      addresses6: {
        'isa-y/inside': '2001:db8:aa::1',
        'isa-y/outside': '2001:db8:bb::3',
        vsftpd: '2001:db8:bb::5',
      },
      interfaces: { 'isa-y': { inside: 'eth1', outside: 'ppp0' } },
    });
  });

  it("give a server's one interface an address of each version", () => {
    const own = of(
      { interface: ['ens18=external=198.51.100.77', 'ens18=external=2001:db8:bb::77'] },
      {},
      'vsftpd',
    );
    expect(own).toMatchObject({
      addresses: { vsftpd: '198.51.100.77' },
      addresses6: { vsftpd: '2001:db8:bb::77' },
      hostInterfaces: { vsftpd: 'ens18' },
    });
  });

  it.each<[what: string, options: Parameters<typeof of>[0], on: string, code: string]>([
    [
      'two names of one interface',
      { interface: ['eth1=y', 'eth2=y=2001:db8:aa::1'] },
      'isa-y',
      'option-not-applicable',
    ],
    [
      'two IPv6 addresses',
      { interface: ['eth1=y=2001:db8:aa::2', 'eth1=y=2001:db8:aa::1'] },
      'isa-y',
      'option-not-applicable',
    ],
    ['two interfaces of a host', { interface: ['eth0', 'eth1'] }, 'vsftpd', 'option-not-applicable'],
    [
      'a range without room',
      { subnet: [{ name: 'y', value: '2001:db8:aa::/120' }] },
      'isa-y',
      'range-malformed',
    ],
    ['no range', { subnet: [{ name: 'y', value: '2001:db8:aa::' }] }, 'isa-y', 'range-malformed'],
    ['no address', { outside: { name: 'ppp0', value: '2001:db8::g' } }, 'isa-y', 'address-malformed'],
  ])('are refused with %s', (_what, options, on, code) => {
    expect(() => of(options, {}, on)).toThrow(expect.objectContaining({ code }));
  });
});
