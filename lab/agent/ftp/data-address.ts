/** Where a data connection is to go, as a command or a reply says it. */
export interface DataAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * `h1,h2,h3,h4,p1,p2` somewhere in a text (RFC 959 section 4.1.2); `null` if there is none that somebody could connect to:
 * each number is a byte, and port 0 is none. Looks only at numbers' starts: a reply of nothing but digits would else be
 * read once for each.
 */
export function commaAddress(text: string): DataAddress | null {
  const words = /(?<![-\d])\d{1,3}(?:,\d{1,3}){5}(?!\d)/.exec(text)?.[0].split(',').map(Number) ?? [];
  const [high = 0, low = 0] = words.slice(4);
  const port = high * 256 + low;
  if (words.length === 0 || words.some((word) => word > 255) || port === 0) return null;
  return { host: words.slice(0, 4).join('.'), port };
}

/**
 * The port in a reply to EPSV (RFC 2428 section 3; the delimiter is `|` by custom, `!` with some); `null` if there is none.
 */
export function extendedPort(text: string): number | null {
  const port = Number(/([|!])\1\1(\d{1,5})\1/.exec(text)?.[2] ?? 0);
  return port >= 1 && port <= 65_535 ? port : null;
}
