/** What the FTP helper expects, and what becomes of it. */
import { all, blocked, type Entry, up } from '../entry.ts';

export const expectations: readonly Entry[] = [
  {
    name: 'related-dropped-new-accepted',
    file: 'faults/related-dropped-new-accepted.rules',
    expected: all(up),
    why: 'The dropped SYN has used up the expectation. The one sent again a second later is NEW, and the last rule accepts it. Slow, and it uploads in all modes.',
  },
  {
    name: 'related-dropped-nothing-new',
    file: 'faults/related-dropped-nothing-new.rules',
    expected: all(
      blocked('data-dropped', { rule: ['no RELATED', 'policy FORWARD DROP'], failedAt: 'store-small' }),
    ),
    why: 'The first SYN is dropped as RELATED, the one sent again is NEW and meets the policy. Both decided; either may be named.',
  },
  {
    name: 'related-rejected-new-accepted',
    file: 'faults/related-rejected-new-accepted.rules',
    expected: all(blocked('data-refused', { rule: 'RELATED is reset', failedAt: 'store-small' })),
    why: 'After a reset nobody sends the SYN again, so that no second one can be NEW.',
  },
  {
    name: 'helper-match-dropped-new-accepted',
    file: 'faults/helper-match-dropped-new-accepted.rules',
    firewall: 'isa-x',
    expected: all(up),
    why: '-m helper matches connections that the helper expected, not the control connection. The SYN sent again belongs to none, and is accepted.',
  },
  {
    name: 'helper-on-2121',
    file: 'faults/helper-on-2121.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'The helper is attached to port 2121; on port 21 nothing is expected, and nothing RELATED.',
  },
  {
    name: 'helper-outside-only',
    file: 'faults/helper-outside-only.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('data-dropped', { firewall: 'isa-x', rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    ),
    why: 'The rule attaches the helper to control connections from outside; these come from inside.',
  },
  {
    name: 'related-without-helper-rule',
    file: 'faults/related-without-helper-rule.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'Nothing attaches the helper, as on kernels since 6.0 by default: nothing is RELATED.',
  },
  {
    name: 'related-icmp-only',
    file: 'faults/related-icmp-only.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'RELATED is accepted for ICMP alone.',
  },
  {
    name: 'expected-by-status',
    file: 'faults/expected-by-status.rules',
    expected: all(up),
    why: 'A data connection that the helper expected has the status EXPECTED from its first packet on. A counter-proof.',
  },
  {
    name: 'related-to-high-ports',
    file: 'faults/related-to-high-ports.rules',
    expected: all(up),
    why: 'Both ends of data connections that are opened to are high ports. A counter-proof.',
  },
];
