import { describe, expect, it } from 'vitest';
import type { ConnectionAttempt } from '../../lab/model/attempt.ts';
import { addressFrom, addressOf, belongsTo, endpointOf, portOf } from '../../lab/model/endpoint.ts';
import type { PacketEnds, TracedPacket } from '../../lab/model/packet.ts';

const packet = (source: string, destination: string, flags = 'SYN'): TracedPacket => ({
  at: '2005-09-01T00:00:00.000Z',
  protocol: 'tcp',
  source,
  destination,
  flags,
  unreachable: null,
  translated: null,
  stray: false,
  met: [],
  fate: 'refused',
  decision: { action: 'drop', table: 'filter', chain: 'FORWARD', rule: 'Default rule' },
});
const client = '192.168.20.10';
const server = '198.51.100.21';
const passive: ConnectionAttempt = {
  purpose: 'data',
  openedBy: 'client',
  step: 'list',
  source: `${client}:4000`,
  destination: `${server}:50000`,
};
const active: ConnectionAttempt = {
  ...passive,
  openedBy: 'server',
  source: null,
  destination: `${client}:4001`,
};

const icmp = (about: PacketEnds | null): TracedPacket => ({
  ...packet('192.168.20.1', client, ''),
  protocol: 'icmp',
  unreachable: { code: 4, mtu: 1400, about },
});
const own = { source: `${client}:4000`, destination: `${server}:50000` };

describe('belongsTo', () => {
  it.each([
    ['the SYN of a passive data connection', passive, packet(`${client}:4000`, `${server}:50000`), true],
    ['its SYN-ACK', passive, packet(`${server}:50000`, `${client}:4000`, 'SYN ACK'), true],
    ['a packet amid it', passive, packet(`${client}:4000`, `${server}:50000`, 'PSH ACK'), true],
    ['the same port of another attempt', passive, packet(`${client}:4999`, `${server}:50000`), false],
    ['another port of the server', passive, packet(`${client}:4000`, `${server}:50001`), false],
    ['the same port of another client', passive, packet('192.168.20.11:4000', `${server}:50000`), false],
    ['behind source NAT', passive, packet('198.51.100.3:4000', `${server}:50000`), true],
    ['the SYN of an active data connection', active, packet(`${server}:20`, `${client}:4001`), true],
    ['active, before destination NAT', active, packet(`${server}:20`, '198.51.100.3:4001'), true],
    [
      'active, with another port before destination NAT',
      active,
      {
        ...packet(`${server}:20`, '198.51.100.3:1024'),
        translated: { source: `${server}:20`, destination: `${client}:4001` },
      },
      true,
    ],
    ['active, its SYN-ACK', active, packet(`${client}:4001`, `${server}:20`, 'SYN ACK'), true],
    ['active, from another server', active, packet('198.51.100.22:20', `${client}:4001`), false],
    ['an ICMP error about it', passive, icmp(own), true],
    ['an ICMP error about another one', passive, icmp({ ...own, source: `${client}:4999` }), false],
    ['an ICMP error about nobody knows what', passive, icmp(null), false],
  ])('%s: %#', (_what, connection, traced, expected) => {
    expect(belongsTo(connection, traced, { client: [client, '198.51.100.3'], server: [server] })).toBe(
      expected,
    );
  });
});

it.each([
  ['192.0.2.1', 21, '192.0.2.1:21'],
  ['2001:db8:0:3::21', 21, '[2001:db8:0:3::21]:21'],
  ['::1', 65_535, '[::1]:65535'],
])('%s and port %i are %s, and the other way round', (address, port, endpoint) => {
  expect(endpointOf(address, port)).toBe(endpoint);
  expect([addressOf(endpoint), portOf(endpoint)]).toEqual([address, String(port)]);
  // As ICMP has it.
  expect(addressOf(address)).toBe(address);
});

it.each([
  ['c0000201', '192.0.2.1'],
  ['20010db8000000030000000000000021', '2001:db8:0:3::21'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
])('the bytes %s are the address %s, as the kernel prints it', (hex, address) => {
  expect(addressFrom(Buffer.from(hex, 'hex'))).toBe(address);
});
