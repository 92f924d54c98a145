import { describe, expect, it } from 'vitest';
import { firstClash, describe as inWords } from '../../lab/engine/clash.ts';
import { ipRoutes, netstatRoutes, resolversIn } from '../../lab/engine/docker/occupied.ts';
import type { Occupied } from '../../lab/engine/engine.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';

describe('firstClash', () => {
  it.each<[string, string, string | undefined]>([
    ['a Docker network of the same range', '192.168.10.0/24', '192.168.10.0/24'],
    ['a broad route', '192.168.0.0/16', '192.168.10.0/24'],
    ['a narrow route', '192.168.20.128/25', '192.168.20.0/24'],
    ['a resolver', '198.51.100.53', '198.51.100.0/24'],
    ['a neighbour', '192.168.11.0/24', undefined],
    ['something else', '10.0.0.0/8', undefined],
    ['IPv6', 'fd00::/8', undefined],
  ])('%s', (by, cidr, subnet) => {
    expect(firstClash(Object.values(addressPlan(0).subnets), [{ cidr, by }])?.subnet).toBe(subnet);
  });

  it('names both ranges and who uses them', () => {
    const clash = firstClash(Object.values(addressPlan(0).subnets), [
      { cidr: '10.0.0.0/8', by: 'a route of this machine' },
      { cidr: '192.168.0.0/16', by: 'Docker network office' },
    ]);
    expect(clash && inWords(clash)).toBe(
      '192.168.10.0/24 clashes with Docker network office (192.168.0.0/16)',
    );
  });
});

const cidrs = (ranges: Occupied[]) => ranges.map(({ cidr }) => cidr);

describe('ipRoutes', () => {
  const route = (fields: object) => JSON.stringify([fields]);
  it.each<[string, string, string[]]>([
    ['a default route', route({ dst: 'default', gateway: '10.0.0.1', dev: 'eth0' }), []],
    ['half of the address space, as VPNs route', route({ dst: '128.0.0.0/1', dev: 'tun0' }), []],
    ['a broad route', route({ dst: '10.0.0.0/8', dev: 'tun0' }), ['10.0.0.0/8']],
    ['a host route', route({ dst: '198.51.100.7', dev: 'wg0' }), ['198.51.100.7']],
    ['a route to nowhere', route({ type: 'blackhole', dst: '192.168.0.0/16' }), []],
    ["the kernel's own for an address", route({ type: 'local', dst: '192.168.10.1', table: 'local' }), []],
    ['no answer', '', []],
  ])('%s', (_what, json, expected) => {
    expect(cidrs(ipRoutes(json))).toEqual(expected);
  });

  it('names the device', () => {
    expect(ipRoutes(route({ dst: '10.0.0.0/8', dev: 'tun0' }))[0]?.by).toBe(
      'a route of this machine through tun0',
    );
  });
});

it('reads the routes that macOS prints', () => {
  const text = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
10                 10.8.0.1           UGSc                utun3
127.0.0.1          127.0.0.1          UH                    lo0
172.16/12          10.8.0.1           UGSc                utun3
192.168.1          link#6             UCS                   en0      !
`;
  expect(netstatRoutes(text)).toEqual([
    { cidr: '10.0.0.0/8', by: 'a route of this machine through utun3' },
    { cidr: '127.0.0.1/32', by: 'a route of this machine through lo0' },
    { cidr: '172.16.0.0/12', by: 'a route of this machine through utun3' },
    { cidr: '192.168.1.0/24', by: 'a route of this machine through en0' },
  ]);
});

it('reads IPv4 resolvers', () => {
  const text = '# nameserver 192.0.2.1\nnameserver 198.51.100.53\nnameserver fe80::1%eth0\noptions ndots:1\n';
  expect(cidrs(resolversIn(text))).toEqual(['198.51.100.53']);
});
