/** Where a data connection should go, according to a command or a reply. */
export interface DataAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * `h1,h2,h3,h4,p1,p2` somewhere in a text (RFC 959 section 4.1.2); `null` if there is none that anybody could connect to:
 * each number is a byte, and the port is not 0. A match begins at the start of a number, because a long reply of digits
 * alone would otherwise be read once for each digit.
 */
export function commaAddress(text: string): DataAddress | null {
  const words = /(?<![-\d])\d{1,3}(?:,\d{1,3}){5}(?!\d)/.exec(text)?.[0].split(',').map(Number) ?? [];
  const [high = 0, low = 0] = words.slice(4);
  const port = high * 256 + low;
  if (words.length === 0 || words.some((word) => word > 255) || port === 0) return null;
  return { host: words.slice(0, 4).join('.'), port };
}

/**
 * The port in a reply to EPSV (RFC 2428 section 3; the delimiter is usually `|`, with some servers `!`); `null` if there is none.
 */
export function extendedPort(text: string): number | null {
  const port = Number(/([|!])\1\1(\d{1,5})\1/.exec(text)?.[2] ?? 0);
  return port >= 1 && port <= 65_535 ? port : null;
}
