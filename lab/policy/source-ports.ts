import type { SavedRule, SavedTable } from './iptables-save.ts';
import { affirmed, targetOf, valuesOf } from './iptables-syntax.ts';

/*
 * Whether rules can tell two packets apart that differ in their TCP source port alone. What is not known here counts as able to: the
 * lists have what iptables-save prints of options and matches that look at something else (iptables(8), iptables-extensions(8)).
 */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

const blindOptions = set(`
  -s -d -i -o -p -m -j -g -f --dport --dports --syn --tcp-flags --tcp-option --limit --limit-burst --mss --length --ttl-eq --ttl-lt --ttl-gt
  --ctstate --ctstatus --ctdir --ctproto --ctorigsrc --ctorigdst --ctorigdstport --state --helper --src-type --dst-type
  --limit-iface-in --limit-iface-out --src-range --dst-range --mac-source --pkt-type --comment --mark --dscp --tos
  --icmp-type --dir --pol --loose --validmark --accept-local --invert --physdev-in --physdev-out --physdev-is-in
  --physdev-is-out --physdev-is-bridged --reject-with --to-source --to-destination --to-ports --random --random-fully
  --persistent --notrack --zone --ctevents --set-mark --set-xmark --save-mark --restore-mark --nfmask --ctmask --mask
  --clamp-mss-to-pmtu --set-mss --set-dscp --set-tos --ttl-set --ttl-dec --ttl-inc --set-class
`);

const blindMatches = set(`
  tcp multiport limit conntrack state helper comment addrtype iprange mac pkttype mark connmark dscp tos ttl length tcpmss
  physdev policy rpfilter
`);

/** After these the next rule is tried, with the same packet. */
const undeciding = set('LOG NFLOG ULOG AUDIT TRACE');

/** Protocols whose rules no TCP packet meets, by name and number. */
const otherProtocols = set(
  'udp udplite icmp ipv6-icmp icmpv6 igmp esp ah gre sctp dccp ipv6 17 136 1 58 2 50 51 47 132 33 41',
);

/** Whether a rule may treat TCP packets differently because of their source port. */
export function mayTellSourcePorts(tables: readonly SavedTable[]): boolean {
  return tables.some(({ rules }) => rules.some((rule) => !isBlind(rule)));
}

function isBlind({ options }: SavedRule): boolean {
  const [protocol = 'all'] = valuesOf(affirmed(options), '-p', '--protocol');
  if (otherProtocols.has(protocol) || undeciding.has(targetOf(options) ?? '')) return true;
  const matches = valuesOf(options, '-m', '--match');
  return (
    matches.every((match) => blindMatches.has(match)) &&
    options.every(
      (word, at) => options[at - 1] === '--comment' || !word.startsWith('-') || blindOptions.has(word),
    )
  );
}
