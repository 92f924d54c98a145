/** Chains behind chains, and tables other than filter. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const chains: readonly Entry[] = [
  {
    name: 'log-drop-chain',
    file: 'faults/log-drop-chain.rules',
    expected: all(blocked('data-dropped', { rule: '-A LOGDROP -j DROP', failedAt: 'store-small' })),
    why: 'What is left goes to a chain that logs and drops; the limit is for the log line alone.',
  },
  {
    name: 'log-reject-chain',
    file: 'faults/log-reject-chain.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('data-refused', {
        firewall: 'isa-x',
        rule: '-A denied -p tcp -j REJECT --reject-with tcp-reset',
        failedAt: 'store-small',
      }),
    ),
    why: 'The chain logs, then resets TCP.',
  },
  {
    name: 'goto-returns-further-up',
    file: 'faults/goto-returns-further-up.rules',
    expected: all(blocked('data-dropped', { rule: 'end of the chain', failedAt: 'store-small' })),
    why: 'A chain entered by -g returns to whoever called the chain that it was entered from: to FORWARD, not to out, whose last rule is thus never met.',
  },
  {
    name: 'empty-chain-to-policy',
    file: 'faults/empty-chain-to-policy.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'The chain holds no rule, so packets return from it and meet the policy.',
  },
  {
    name: 'three-chains-deep',
    file: 'faults/three-chains-deep.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'three deep', failedAt: 'store-small' }),
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'The data SYN is dropped in the third chain before the first one accepts the rest. What comes from outside meets the policy.',
  },
  {
    name: 'accept-in-a-chain',
    file: 'faults/accept-in-a-chain.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: '-A FORWARD -j DROP', failedAt: 'store-small' }),
    }),
    why: 'The chain accepts port 21 and the high ports. What the server opens is dropped by the rule behind it.',
  },
  {
    name: 'security-table',
    file: 'faults/security-table.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'security table', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'The security table has a FORWARD chain of its own, after that of the filter table.',
  },
  {
    name: 'raw-drops-data',
    file: 'faults/raw-drops-data.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'raw: no data', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'Dropped before anything else sees it. Active modes use port 20.',
  },
  {
    name: 'raw-policy-drop',
    file: 'faults/raw-policy-drop.rules',
    expected: all(blocked('data-dropped', { rule: 'policy PREROUTING DROP', failedAt: 'store-small' })),
    why: 'The filter table accepts all, but the raw table lets in nothing but port 21.',
  },
  {
    name: 'mangle-forward-drops-data',
    file: 'faults/mangle-forward-drops-data.rules',
    firewall: 'isa-x',
    expected: each({
      passive: blocked('data-dropped', {
        firewall: 'isa-x',
        rule: 'mangle: no data',
        failedAt: 'store-small',
      }),
      active: up,
    }),
    why: "The mangle table's FORWARD comes before that of the filter table.",
  },
  {
    name: 'mangle-drops-answer',
    file: 'faults/mangle-drops-answer.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'mangle: no answers', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The server's SYN ACK from its passive port is dropped on leaving. In active modes the client answers, the other way.",
    tells: 'the answer to the opening was dropped',
  },
];
