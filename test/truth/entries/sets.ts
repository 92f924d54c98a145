/** Sets decide. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const sets: readonly Entry[] = [
  {
    name: 'set-of-passive-ports',
    file: 'faults/set-of-passive-ports.rules',
    server: 'pure-ftpd',
    ipset: 'faults/set-of-passive-ports.ipset',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The set holds 50000 to 50100, from which Pure-FTPd draws.',
  },
  {
    name: 'set-of-other-ports',
    file: 'faults/set-of-passive-ports.rules',
    server: 'pure-ftpd',
    ipset: 'faults/set-of-other-ports.ipset',
    expected: each({
      passive: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The same rules with ports 1025 to 5000 in the set: Pure-FTPd does not draw from them.',
  },
  {
    name: 'set-of-those-logged-in',
    file: 'faults/set-of-those-logged-in.rules',
    ipset: 'faults/set-of-those-logged-in.ipset',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'Whoever opens a control connection is put into the set, and may open high ports.',
  },
  {
    name: 'set-of-banned-servers',
    file: 'faults/set-of-banned-servers.rules',
    firewall: 'isa-x',
    ipset: 'faults/set-of-banned-servers.ipset',
    expected: all(blocked('control-dropped', { firewall: 'isa-x', rule: 'banned', failedAt: 'connect' })),
    why: 'The server stands in the range that the set holds.',
  },
  {
    name: 'set-second-passes',
    file: 'faults/set-second-passes.rules',
    ipset: 'faults/set-second-passes.ipset',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The first SYN puts its two ends into the set and is dropped; the one that TCP sends again a second later is in the set. Slow, and it uploads. In active modes the server calls from outside, and the policy drops it.',
  },
];
