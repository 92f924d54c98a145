/* The closed lists of words that attempts and their results are told in. The agent that runs in the hosts uses them too, so this imports nothing. */

export const transferModes = ['pasv', 'epsv', 'port', 'eprt'] as const;
export type TransferMode = (typeof transferModes)[number];

/** `pasv` and `epsv` let the server listen (passive); `port` and `eprt` let the client listen (active). */
export function isPassive(mode: TransferMode): boolean {
  return mode === 'pasv' || mode === 'epsv';
}

/** The modes that name no IPv4 address (RFC 2428), and so the ones that IPv6 has. */
export const extendedModes = ['epsv', 'eprt'] as const satisfies readonly TransferMode[];

/** Modes by IPv4, and the same by IPv6. */
export const ways = [
  ...transferModes,
  ...transferModes.map((mode) => `${mode}/ipv6` as const),
] as const satisfies readonly string[];
/** A transfer mode and the version of IP by which the server is called, as cells' names end. */
export type Way = (typeof ways)[number];

/** The way of an attempt. */
export function wayOf({
  mode,
  ipv6,
}: {
  readonly mode: TransferMode;
  readonly ipv6?: true | undefined;
}): Way {
  return ipv6 ? `${mode}/ipv6` : mode;
}

/** Taken apart. */
export function partsOf(way: Way): { readonly mode: TransferMode; readonly ipv6?: true } {
  const [mode, ipv6] = way.split('/') as [TransferMode, string | undefined];
  return { mode, ...(ipv6 !== undefined && { ipv6: true }) };
}

export const stepNames = ['connect', 'login', 'list', 'store-small', 'store-large', 'retrieve'] as const;
export type StepName = (typeof stepNames)[number];

/** `ok`: done. `failed`: tried without success. `skipped`: not tried, because an earlier step makes it impossible. */
export const stepOutcomes = ['ok', 'failed', 'skipped'] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

/**
 * What became of a packet that opens a connection, besides being refused by a rule. `turned`: a rule sent it elsewhere.
 * `other-source`: a rule gave the connection a source address to which no answer comes back, or which is not that of the control connection.
 * `called-back`: the server called the address that hides the client. `queued`: a rule put it into a queue that no program reads.
 * `untracked`: the firewall took the answer for its own, as connection tracking did not know it. `kernel`: the kernel dropped it,
 * for its route, its TTL or the like. `unexpected`: a rule refused it, as the FTP helper left alone the server's reply that announced it.
 * `untranslated`: the client did not send it where it should go, as the firewall that publishes the server left its private address in
 * the reply to PASV.
 */
export const waysAstray = [
  'turned',
  'other-source',
  'called-back',
  'queued',
  'untracked',
  'kernel',
  'unexpected',
  'unfound',
  'untranslated',
] as const;
export type WayAstray = (typeof waysAstray)[number];

/** The FTP client programs that can make an attempt; the first one unless told otherwise. */
export const driverNames = [
  'basic-ftp',
  'curl',
  'lftp',
  'tnftp',
  'ftplib',
  'split-lines',
  'ascii',
  'web-proxy',
] as const;
export type DriverName = (typeof driverNames)[number];

/** How a step failed, as far as the client can tell. */
export const failureKinds = [
  'control-unanswered',
  'control-refused',
  'control-closed',
  /** Connected; closed or reset before a greeting came. */
  'greeting-closed',
  /** Connected; no greeting came. */
  'greeting-silent',
  /** Connected; the server asked to wait (120) and did not greet in time. */
  'not-ready',
  /** Connected; an error reply in place of a greeting. */
  'turned-away',
  /** Connected; the server speaks another protocol. */
  'not-ftp',
  /** The server sent far more than a reply holds, or never stopped. */
  'too-much',
  'tls-refused',
  'login-denied',
  'command-unanswered',
  'data-unanswered',
  'data-refused',
  'data-command-refused',
  /** A positive reply to PASV or EPSV that names no endpoint. */
  'data-address-garbled',
  'address-refused-by-client',
  'command-refused',
  'tls-session-not-reused',
  'refused-by-proxy',
  'transfer-stalled',
  'content-mismatch',
  'other',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** What a client says if the lab ended its wait, because the firewall's trace showed that no reply can come. */
export const stoppedWaiting = 'no answer; wait cut short: the trace shows that no reply can come';

/** What a user does in a session, each decided by one or two steps. */
export const aspects = ['login', 'LIST', 'STOR', 'RETR'] as const;
export type Aspect = (typeof aspects)[number];

/** `+` works now, `-` no longer works, `~` fails differently, `=` unchanged, `?` undecided before or after. */
export const signs = ['-', '?', '~', '+', '='] as const;
export type Sign = (typeof signs)[number];

/** What a rule did in a run: decided about packets, was met by some and let them go on, or was never met. */
export const ruleUses = ['decided', 'met', 'never'] as const;

/** Ways to let data connections pass: by the kernel's FTP helper, or by the ports that the server draws from. */
export const fixStrategies = ['helper', 'range'] as const;
export type FixStrategy = (typeof fixStrategies)[number];

/** Whom annotations of lines are written for. */
export const annotationFormats = ['github', 'gitlab', 'junit'] as const;
export type AnnotationFormat = (typeof annotationFormats)[number];
