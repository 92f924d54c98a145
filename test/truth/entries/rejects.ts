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
  {
    name: 'reject-answer-control-icmp',
    file: 'faults/reject-answer-control-icmp.rules',
    expected: all(blocked('control-dropped', { rule: 'nothing comes from port 21', failedAt: 'connect' })),
    why: "The client's SYN passes; the server's answer is rejected, and ICMP says so to the server. The client hears nothing and waits: to it, and to docs/causes.md, that is dropped, not refused.",
    tells: 'the answer to the opening was rejected, which only the server is told',
  },
  {
    name: 'reject-answer-data-reset',
    file: 'faults/reject-answer-data-reset.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'answers from high ports', failedAt: 'store-small' }),
      active: up,
    }),
    why: "In passive modes the server's SYN ACK is answered with a reset to the server; the client that opens hears nothing. In active modes the server's packets come from port 20.",
    tells: 'the answer to the opening was rejected, which only the server is told',
  },
  {
    name: 'reject-answer-active-reset',
    file: 'faults/reject-answer-active-reset.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'nothing goes to port 20', failedAt: 'store-small' }),
    }),
    why: "In active modes the client's SYN ACK is answered with a reset to the client; the server that opens hears nothing and waits.",
    tells: 'the answer to the opening was rejected, which only the client is told',
  },
];
