import { describe, expect, it } from 'vitest';
import { opens } from '../../lab/firewall/endpoints.ts';
import type { TracedPacket } from '../../lab/firewall/trace.ts';
import type { ConnectionAttempt } from '../../lab/ftp/attempt.ts';

const packet = (source: string, destination: string, flags = 'SYN'): TracedPacket => ({
  at: '2005-09-01T00:00:00.000Z',
  protocol: 'tcp',
  source,
  destination,
  flags,
  met: [],
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

describe('opens', () => {
  it.each([
    ['the SYN of a passive data connection', passive, packet(`${client}:4000`, `${server}:50000`), true],
    ['its SYN-ACK', passive, packet(`${server}:50000`, `${client}:4000`, 'SYN ACK'), true],
    ['the same port of another attempt', passive, packet(`${client}:4999`, `${server}:50000`), false],
    ['another port of the server', passive, packet(`${client}:4000`, `${server}:50001`), false],
    ['the same port of another client', passive, packet('192.168.20.11:4000', `${server}:50000`), false],
    ['behind source NAT', passive, packet('198.51.100.3:4000', `${server}:50000`), true],
    ['the SYN of an active data connection', active, packet(`${server}:20`, `${client}:4001`), true],
    ['active, before destination NAT', active, packet(`${server}:20`, '198.51.100.3:4001'), true],
    ['active, its SYN-ACK', active, packet(`${client}:4001`, `${server}:20`, 'SYN ACK'), true],
    ['active, from another server', active, packet('198.51.100.22:20', `${client}:4001`), false],
    ['a packet that opens nothing', passive, packet(`${client}:4000`, `${server}:50000`, 'PSH ACK'), false],
  ])('%s: %#', (_what, connection, traced, expected) => {
    expect(opens(traced, connection, { client: [client, '198.51.100.3'], server })).toBe(expected);
  });
});
