/** Marks, zones and connections that are not tracked. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const marks: readonly Entry[] = [
  {
    name: 'mark-of-control-only',
    file: 'faults/mark-of-control-only.rules',
    expected: all(blocked('data-dropped', { rule: 'unmarked', failedAt: 'store-small' })),
    why: 'Only packets to port 21 are marked. The SYN of a data connection is not, whoever sends it.',
  },
  {
    name: 'connmark-inherited',
    file: 'faults/connmark-inherited.rules',
    expected: all(up),
    why: 'A connection that the helper expected takes over the mark of its control connection. A counter-proof.',
  },
  {
    name: 'connmark-without-helper',
    file: 'faults/connmark-without-helper.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('data-dropped', { firewall: 'isa-x', rule: 'without our mark', failedAt: 'store-small' }),
    ),
    why: 'Without the helper the data connection has no master whose mark it could take over.',
  },
  {
    name: 'zone-one-way',
    file: 'faults/zone-one-way.rules',
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: 'The SYN is tracked in zone 1; its answer comes in outside, is looked for in zone 0 and not found: INVALID, and the policy drops it.',
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'zone-both-ways',
    file: 'faults/zone-both-ways.rules',
    expected: all(up),
    why: 'Everything is in zone 1: the second rule leaves alone what the first one has dealt with. A counter-proof.',
  },
  {
    name: 'notrack-data-one-way',
    file: 'faults/notrack-data-one-way.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's SYN is not tracked and passes by its port. The server's SYN ACK is tracked, belongs to nothing and is INVALID: the policy drops it. Active modes use port 20 and stay tracked.",
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'notrack-control',
    file: 'faults/notrack-control.rules',
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: "The server's SYN ACK is UNTRACKED, not ESTABLISHED, and no rule is for it.",
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'notrack-all-stateless',
    file: 'faults/notrack-all-stateless.rules',
    expected: all(up),
    why: 'Nothing is tracked, and TCP passes both ways. A counter-proof.',
  },
  {
    name: 'untracked-dropped',
    file: 'faults/untracked-dropped.rules',
    expected: all(blocked('control-dropped', { rule: 'untracked', failedAt: 'connect' })),
    why: 'What comes in from inside is not tracked, and the first rule drops that.',
  },
  {
    name: 'dscp-dropped-on-leaving',
    file: 'faults/dscp-dropped-on-leaving.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'no expedited traffic', failedAt: 'store-small' }),
      active: up,
    }),
    why: "One rule gives the client's data packets a DSCP, another drops what has it. Active modes use port 20.",
  },
  {
    name: 'connmark-second-answer-passes',
    file: 'faults/connmark-second-answer-passes.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The first answer of a data connection marks the connection and is dropped; the second one belongs to a connection that has the mark. Slow, and it uploads. In active modes nothing opens from outside: the SYN comes from port 20, and the policy drops it.',
  },
];
