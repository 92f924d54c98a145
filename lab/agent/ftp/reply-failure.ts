import type { FailureKind } from '../../model/attempt.ts';

/** The point of a session at which an error reply came. */
export type ReplyTo = 'greeting' | 'auth' | 'login' | 'data-command' | 'data-address' | 'transfer';

/**
 * What an error reply (4yz, 5yz) says of a step. `encrypted`: whether the session is FTPS and the step's data connection
 * was established, so that only its TLS can have failed.
 */
export function failureOfReply(to: ReplyTo, code: number, text: string, encrypted: boolean): FailureKind {
  switch (to) {
    // RFC 959 section 5.4: 421 in place of a greeting.
    case 'greeting':
      return 'turned-away';
    case 'auth':
      return 'tls-refused';
    case 'login':
      return 'login-denied';
    case 'data-command':
      return 'data-command-refused';
    // A positive reply that names no endpoint.
    case 'data-address':
      return 'data-address-garbled';
    case 'transfer':
      if (encrypted && reuseDemanded(code, text)) return 'tls-session-not-reused';
      // RFC 959 section 4.2.1: 425 can't open data connection, 426 connection closed, transfer aborted.
      if (code === 425) return 'data-unanswered';
      if (code === 426) return 'transfer-stalled';
      return 'command-refused';
  }
}

/**
 * vsftpd says so in a 522 (vsftpd.conf(5), require_ssl_reuse); ProFTPD writes "client did not reuse TLS session" to its log,
 * but to the client only the text of EPERM in a 425 (mod_tls, TLSOptions NoSessionReuseRequired).
 */
function reuseDemanded(code: number, text: string): boolean {
  return (
    (code === 522 && /session reuse/i.test(text)) || (code === 425 && /Operation not permitted/.test(text))
  );
}
