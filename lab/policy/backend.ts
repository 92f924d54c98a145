/** What rule sets in ISA's terms are compiled to. */
export const backends = ['iptables', 'nft'] as const;
/** One of {@link backends}. */
export type Backend = (typeof backends)[number];
