/** The kernel drops outside netfilter, or a rule asks what only routing knows. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const kernel: readonly Entry[] = [
  {
    name: 'ttl-data-runs-out',
    file: 'faults/ttl-data-runs-out.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'TTL 1', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The packet comes to forwarding with a TTL of 1: the kernel drops it and says time exceeded, on which the client's connect fails. Active modes open from outside.",
    tells: 'the TTL ran out at the firewall, after this rule set it',
  },
  {
    name: 'ttl-control-runs-out',
    file: 'faults/ttl-control-runs-out.rules',
    expected: all(blocked('control-refused', { rule: '63 less', failedAt: 'connect' })),
    why: 'Linux sends with a TTL of 64: 63 less is 1, too little to be forwarded.',
    tells: 'the TTL ran out at the firewall, after this rule lowered it',
  },
  {
    name: 'ttl-one-hop-left',
    file: 'faults/ttl-one-hop-left.rules',
    expected: all(up),
    why: 'Set after forwarding: 1 is enough for the last hop, since the server is in the next network. A counter-proof.',
  },
  {
    name: 'ttl-match-after-forwarding',
    file: 'faults/ttl-match-after-forwarding.rules',
    expected: all(blocked('control-dropped', { rule: 'not from next door', failedAt: 'connect' })),
    why: 'In FORWARD the TTL has been lowered already: 63 is less than 64.',
  },
  {
    name: 'ttl-match-before-forwarding',
    file: 'faults/ttl-match-before-forwarding.rules',
    expected: all(up),
    why: 'In PREROUTING the TTL is still 64. A counter-proof.',
  },
  {
    name: 'rpfilter-wrong-way-round',
    file: 'faults/rpfilter-wrong-way-round.rules',
    expected: all(blocked('control-dropped', { rule: 'reverse path', failedAt: 'connect' })),
    why: 'Without --invert the match says yes to packets whose reverse path is right: all of them are dropped.',
  },
  {
    name: 'rpfilter-right',
    file: 'faults/rpfilter-right.rules',
    firewall: 'isa-x',
    expected: all(up),
    why: 'With --invert only packets with a wrong reverse path are dropped, and there are none. A counter-proof.',
  },
  {
    name: 'mss-match',
    file: 'faults/mss-match.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'MSS too large', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'The client offers an MSS of 1460 on its data connections. Active modes open from outside.',
  },
  {
    name: 'mss-clamped',
    file: 'faults/mss-clamped.rules',
    expected: all(up),
    why: 'Smaller segments, nothing lost. A counter-proof.',
  },
  {
    name: 'fragments-dropped',
    file: 'faults/fragments-dropped.rules',
    expected: all(up),
    why: 'TCP sends no fragments here. A counter-proof.',
  },
];
