/** Versions of the Internet Protocol. */
export const families = ['ipv4', 'ipv6'] as const;
/** A version of the Internet Protocol. */
export type Family = (typeof families)[number];

/** The version that an address, or a range in CIDR notation, is of. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
