/** Every way to say no. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const rejects: readonly Entry[] = [
  {
    name: 'reject-data-icmp-port-unreachable',
    file: 'faults/reject-data-icmp-port-unreachable.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp port unreachable. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-host-unreachable',
    file: 'faults/reject-data-icmp-host-unreachable.rules',
    firewall: 'isa-x',
    expected: each({
      passive: blocked('data-refused', { firewall: 'isa-x', rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp host unreachable. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-net-unreachable',
    file: 'faults/reject-data-icmp-net-unreachable.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp net unreachable. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-proto-unreachable',
    file: 'faults/reject-data-icmp-proto-unreachable.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp proto unreachable. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-net-prohibited',
    file: 'faults/reject-data-icmp-net-prohibited.rules',
    firewall: 'isa-x',
    expected: each({
      passive: blocked('data-refused', { firewall: 'isa-x', rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp net prohibited. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-host-prohibited',
    file: 'faults/reject-data-icmp-host-prohibited.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp host prohibited. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-icmp-admin-prohibited',
    file: 'faults/reject-data-icmp-admin-prohibited.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with icmp admin prohibited. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-data-tcp-reset',
    file: 'faults/reject-data-tcp-reset.rules',
    firewall: 'isa-x',
    expected: each({
      passive: blocked('data-refused', { firewall: 'isa-x', rule: 'rejected', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is answered with tcp reset. Active modes open from outside and are RELATED.",
  },
  {
    name: 'reject-active-reset',
    file: 'faults/reject-active-reset.rules',
    expected: each({
      passive: up,
      active: blocked('data-refused', { rule: 'nobody calls us', failedAt: 'store-small' }),
    }),
    why: 'What the server opens is answered with a reset. In passive modes nothing opens from outside.',
  },
  {
    name: 'reject-active-admin',
    file: 'faults/reject-active-admin.rules',
    expected: each({
      passive: up,
      active: blocked('data-refused', { rule: 'nobody may call us', failedAt: 'store-small' }),
    }),
    why: 'What the server opens is answered with ICMP.',
  },
  {
    name: 'reject-control-admin',
    file: 'faults/reject-control-admin.rules',
    expected: all(blocked('control-refused', { rule: 'FTP is prohibited', failedAt: 'connect' })),
    why: 'The control connection itself is rejected.',
  },
];
