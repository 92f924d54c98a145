/** Files that iptables-restore takes in a form of its own, and files that nobody should answer. */
import { all, blocked, type Entry, each, refused, up } from '../entry.ts';
import { bigWrongAddress } from './big-wrong-address.ts';

export const forms: readonly Entry[] = [
  {
    name: 'form-chains-without-counters',
    file: 'faults/form-chains-without-counters.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'iptables-restore takes chains without counters. Nothing but port 21 is open.',
  },
  {
    name: 'form-policy-lines',
    file: 'faults/form-policy-lines.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'iptables-restore takes -P as well as ":CHAIN POLICY". The policy of FORWARD drops data connections.',
  },
  {
    name: 'form-family-options',
    file: 'faults/form-family-options.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'iptables-restore skips a rule with -6 and takes one with -4 as without it (ip6tables-restore the other way round).',
  },
  {
    name: 'form-crlf',
    file: 'faults/form-crlf.rules',
    expected: all(up),
    why: 'The line ends are those of Windows; the rules are good. A counter-proof.',
  },
  {
    name: 'form-new-chain-command',
    file: 'faults/form-new-chain-command.rules',
    expected: all(blocked('data-dropped', { rule: 'made by -N', failedAt: 'store-small' })),
    why: 'iptables-restore takes -N as well as ":CHAIN -".',
  },
  {
    name: 'form-inserted-rules',
    file: 'faults/form-inserted-rules.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: '-I puts the last line first, before the rule that drops the rest from inside.',
  },
  {
    name: 'form-rule-counters',
    file: 'faults/form-rule-counters.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'counted', failedAt: 'store-small' }),
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'Counters before a rule, as iptables-save -c prints them.',
  },
  {
    name: 'refused-nft-filter-table',
    file: 'faults/refused-nft-filter-table.rules',
    expected: refused(/nft/i),
    why: "The rules of the filter table are nft's and not in the file: to answer as if there were none would be a false all-clear.",
  },
  {
    name: 'refused-nft-only',
    file: 'faults/refused-nft-only.rules',
    expected: refused(/nft/i),
    why: 'The file holds no rules, and says where they are.',
  },
  {
    name: 'form-nft-ruleset',
    file: 'faults/form-nft-ruleset.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'What nft list ruleset prints, whatever the file is called: only port 21 and its answers pass.',
  },
  {
    name: 'refused-not-committed',
    file: 'faults/refused-not-committed.rules',
    expected: refused(/COMMIT/i),
    why: 'Without COMMIT iptables-restore puts nothing in force.',
  },
  {
    name: 'refused-unknown-target',
    file: 'faults/refused-unknown-target.rules',
    expected: refused(/NOSUCHCHAIN/i),
    why: 'There is neither such a target nor such a chain.',
  },
  {
    name: 'refused-open-quote',
    file: 'faults/refused-open-quote.rules',
    expected: refused(/line 7|quote/i),
    why: 'The quote is not closed.',
  },
  {
    name: 'refused-listing',
    file: 'faults/refused-listing.rules',
    expected: refused(/table|iptables-save/i),
    why: 'What iptables -S prints has no table; which one it was, nobody can say.',
  },
  {
    name: 'refused-port-70000',
    file: 'faults/refused-port-70000.rules',
    expected: refused(/70000/i),
    why: 'There is no port 70000, as iptables says.',
  },
  {
    name: 'form-of-ip6tables',
    file: 'faults/form-of-ip6tables.rules',
    expected: all(up),
    why: 'Its addresses are of IPv6, so it is a file of ip6tables-save: about IPv4 it says nothing, and iptables has no rule.',
  },
  {
    name: 'refused-nothing-but-comments',
    file: 'faults/refused-nothing-but-comments.rules',
    expected: refused(/no table/i),
    why: 'The file holds no rules.',
  },
  {
    name: 'refused-big-wrong-address',
    text: bigWrongAddress,
    expected: refused(/10\.79\.2\.300/i),
    why: "One of 6,000 rules names 10.79.2.300: iptables' own message and line, however big the file.",
  },
  {
    name: 'refused-host-file-in-input',
    file: 'faults/rules-in-input.rules',
    expected: refused(/INPUT/i),
    why: 'The rules are about INPUT and OUTPUT alone: the file of a host. Whoever asks about a gateway has the wrong file or the wrong chains, and should be told before a verdict.',
  },
  {
    name: 'refused-host-file-of-uruk',
    file: 'generated/uruk-host-only.rules',
    expected: refused(/INPUT|FORWARD/i),
    why: "A host's own firewall, which forwards whatever comes: four times up would be true of these rules, and hardly of the gateway that was meant.",
  },
];
