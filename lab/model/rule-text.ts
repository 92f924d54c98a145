/* What rules do besides letting packets pass or not, by their texts: as iptables-save prints them, or as nft does. */

/** For each deed, what does it in iptables (iptables-extensions(8)) and in nft (nft(8), "STATEMENTS"). */
const words = {
  'new destination': [/\s-j (DNAT|NETMAP|REDIRECT)\b/, /\b(?:dnat|redirect)\b/],
  'new source': [/\s-j (SNAT|NETMAP|MASQUERADE)\b/, /\b(?:snat|masquerade)\b/],
  helper: [/\bhelper ftp\b/, /\bct helper set\b/],
  tracking: [/\s-j (CT|NOTRACK)\b/, /\bnotrack\b|\bct (?:helper|zone|timeout) set\b/],
  TTL: [/\s-j TTL\b/, /\bip ttl set\b/],
  queue: [/\s-j (NF)?QUEUE\b/, /\bqueue\b/],
  reject: [/\s-j REJECT\b|\breject\b/, /\breject\b/],
} as const;

/** What a rule may do. */
export type Deed = keyof typeof words;

/** Whether a rule does it to the packets that it matches, by its text. What stands in quotes, such as a comment, does nothing. */
export function does(deed: Deed, rule: string): boolean {
  const [iptables, nft] = words[deed];
  return (isOfIptables(rule) ? iptables : nft).test(rule.replaceAll(quoted, '""'));
}

const quoted = /"(?:[^"\\]|\\.)*"/g;

/** Whether a rule's text is one of iptables-save: nft's do not begin with an option. */
export function isOfIptables(rule: string): boolean {
  return rule.startsWith('-');
}
