/** Versions of the Internet Protocol. */
export const families = ['ipv4', 'ipv6'] as const;
/** A version of the Internet Protocol. */
export type Family = (typeof families)[number];

/** The name of a host that has an address of each version; by its usual name others know its IPv4 address alone. */
export function nameOfBoth(host: string): string {
  return `${host}.lab`;
}

/** What nft and its traces call a version. */
export function ipWord(family: Family): 'ip' | 'ip6' {
  return family === 'ipv6' ? 'ip6' : 'ip';
}

/** One address as a range in CIDR notation. */
export function asRange(address: string): string {
  return `${address}/${familyOf(address) === 'ipv4' ? 32 : 128}`;
}

/** The version that an address, or a range in CIDR notation, is of. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
