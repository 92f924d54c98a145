// biome-ignore-all lint/suspicious/noControlCharactersInRegex: some protocols begin with them
/**
 * What servers of other protocols say first: a greeting, or an error about a command. Bytes that are not UTF-8 appear as
 * U+FFFD.
 */
const protocols: readonly [name: string, opening: RegExp][] = [
  // RFC 9112 section 4; some send only the page.
  ['HTTP', /^(?:HTTP\/\d|<!doctype|<html)/i],
  // RFC 4253 section 4.2: other lines may come before the version.
  ['SSH', /^SSH-\d/m],
  // RFC 1939 section 3.
  ['POP3', /^(?:\+OK|-ERR [^u])/],
  // RFC 9051 section 7.1.
  ['IMAP', /^\* (?:OK|BYE|PREAUTH)\b/],
  // RFC 854: IAC, then WILL, WONT, DO or DONT.
  ['Telnet', /^\ufffd\ufffd[\u0000-\u0027\ufffd]/],
  // A TLS record (RFC 8446 section 5.1): an alert or a handshake.
  ['TLS', /^[\u0014-\u0017]\u0003[\u0000-\u0004]/],
  // Protocol::HandshakeV10 of MySQL and MariaDB: length, sequence number, version 10.
  ['MySQL', /^[\s\S]{1,2}\0\0\0?\n\d+\.\d/],
  // RFC 6143 section 7.1.1.
  ['VNC', /^RFB \d{3}\.\d{3}/],
  ['rsync', /^@RSYNCD:/],
  ['Redis', /^-(?:ERR unknown|DENIED|NOAUTH)/],
  // RFC 2812 section 3.
  ['IRC', /^:\S+ (?:NOTICE|\d{3}) /],
];

/** The protocol, other than FTP, that a server's first words show; `null` if they do not show any. */
export function otherProtocol(head: string): string | null {
  return protocols.find(([, opening]) => opening.test(head))?.[0] ?? null;
}

/**
 * The protocol that a server names in a greeting that FTP has too: SMTP (RFC 5321 section 4.2) and NNTP (RFC 3977 section
 * 5.1). An FTP server may have these words in its name, so that they count only if the login then fails.
 */
export function namedProtocol(greeting: string): string | null {
  if (/^220[ -].*\bE?SMTP\b/i.test(greeting)) return 'SMTP';
  return /^20[01] .*\b(?:NNTP|NNRP|InterNetNews)\b/i.test(greeting) ? 'NNTP' : null;
}
