/** Time, count or chance decides. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const chance: readonly Entry[] = [
  {
    name: 'time-expired',
    file: 'faults/time-expired.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'The rule that opened the high ports ended with the year 2000. Active modes were never open.',
  },
  {
    name: 'time-every-day',
    file: 'faults/time-every-day.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'never on a day', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'Every day is one of the seven. Active modes open from outside and are RELATED.',
  },
  {
    name: 'statistic-every-packet',
    file: 'faults/statistic-every-packet.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'each one of one', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'Every first of one packet is every packet.',
  },
  {
    name: 'statistic-every-second',
    file: 'faults/statistic-every-second.rules',
    expected: all(up),
    why: 'The first SYN of each data connection is dropped, and the one that TCP sends again a second later passes, though no longer as RELATED: NEW is accepted too. Slow, and it uploads.',
  },
  {
    name: 'limit-burst-of-one',
    file: 'faults/limit-burst-of-one.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'over the limit', failedAt: 'store-small' }),
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The listing takes the one data connection an hour; the upload that follows is over the limit. In active modes nothing opens from outside.',
    tells: 'the first data connection passed',
  },
  {
    name: 'hashlimit-above',
    file: 'faults/hashlimit-above.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'one an hour', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'As limit-burst-of-one, counted for each pair of hosts. Active modes open from outside.',
    tells: 'the first data connection passed',
  },
  {
    name: 'recent-third-new',
    file: 'faults/recent-third-new.rules',
    expected: each({
      pasv: blocked('data-dropped', { rule: 'three in ten minutes', failedAt: 'store-large' }),
    }),
    why: 'Control, listing and the small upload are the three new connections; the large upload is the fourth. One mode, since the next session would not even connect.',
    tells: 'the first connections passed',
  },
  {
    name: 'connlimit-one',
    file: 'faults/connlimit-one.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'one connection each', failedAt: 'store-small' }),
    }),
    why: "The control connection is the client's one; its data connection is the second. Active modes are left out: the server opens one data connection after another, and whether the last packets of the former one come before the next one's SYN is chance.",
  },
  {
    name: 'connlimit-five',
    file: 'faults/connlimit-five.rules',
    expected: all(up),
    why: 'A session has two connections at a time; closed ones do not count. A counter-proof.',
  },
  {
    name: 'limit-generous',
    file: 'faults/limit-generous.rules',
    firewall: 'isa-x',
    expected: each({
      passive: up,
      active: blocked('data-dropped', {
        firewall: 'isa-x',
        rule: 'policy FORWARD DROP',
        failedAt: 'store-small',
      }),
    }),
    why: 'An attempt opens some six connections. Nothing opens from outside.',
  },
  {
    name: 'recent-second-passes',
    file: 'faults/recent-second-passes.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The first SYN puts the client on the list and is dropped; the one that TCP sends again a second later finds it there. From then on all pass. Slow, and it uploads.',
  },
  {
    name: 'limit-room-after-two-seconds',
    file: 'faults/limit-room-after-two-seconds.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'One data connection in two seconds: the SYN of the next one is dropped once or twice, and passes as soon as two seconds are over. Slow, and it uploads.',
  },
  {
    name: 'statistic-third-passes',
    file: 'faults/statistic-third-passes.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'Two of three SYNs are dropped; TCP sends a third one after two seconds, which passes. Slow, and it uploads.',
  },
];
