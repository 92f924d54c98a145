/* What an FTP attempt is made of. The agent that runs in the hosts uses it too, so it imports no code. */

export const transferModes = ['pasv', 'epsv', 'port', 'eprt'] as const;
export type TransferMode = (typeof transferModes)[number];

/** `pasv` and `epsv` let the server listen (passive); `port` and `eprt` let the client listen (active). */
export function isPassive(mode: TransferMode): boolean {
  return mode === 'pasv' || mode === 'epsv';
}

export const stepNames = ['connect', 'login', 'list', 'store-small', 'store-large', 'retrieve'] as const;
export type StepName = (typeof stepNames)[number];

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

/** What a client says whose wait the lab ended, since the firewall's trace had shown it to be in vain. */
export const stoppedWaiting = 'no answer; the lab ended the wait, in vain by the trace';

/** `ok`: done. `failed`: tried in vain. `skipped`: not tried, since an earlier step makes it impossible. */
export type StepOutcome = 'ok' | 'failed' | 'skipped';

/** A TCP endpoint, written `address:port`. */
export type Endpoint = string;

/** A TCP connection that an attempt wants to come about. */
export interface ConnectionAttempt {
  readonly purpose: 'control' | 'data';
  /** Who sends the SYN. */
  readonly openedBy: 'client' | 'server';
  readonly step: StepName;
  /** Known only where the client opens the connection. */
  readonly source: Endpoint | null;
  /** Where the SYN goes to, as the client knows it. */
  readonly destination: Endpoint;
}

/** A connection attempt with the time at which it was made or asked for. */
export interface AnnouncedConnection extends ConnectionAttempt {
  /** From the attempt's start. */
  readonly ms: number;
}

export interface Step {
  readonly name: StepName;
  readonly outcome: StepOutcome;
  /** The FTP reply that ended the step, or the client's own error message; empty for a skipped step. */
  readonly reply: string;
  readonly ms: number;
  /** What a failing client program showed its user; a library shows nothing by itself. */
  readonly program?: ProgramOutput | null;
}

/** How a step failed, as far as the client can tell. `null` for a step that did not fail. */
export type FailureKind =
  | 'control-unanswered'
  | 'control-refused'
  | 'control-closed'
  /** Connected; closed or reset before a greeting came. */
  | 'greeting-closed'
  /** Connected; no greeting came. */
  | 'greeting-silent'
  /** Connected; the server asked to wait (120) and did not greet in time. */
  | 'not-ready'
  /** Connected; an error reply in place of a greeting. */
  | 'turned-away'
  /** Connected; the server speaks another protocol. */
  | 'not-ftp'
  /** The server sent more than a conversation holds, or without end. */
  | 'too-much'
  | 'tls-refused'
  | 'login-denied'
  | 'command-unanswered'
  | 'data-unanswered'
  | 'data-refused'
  | 'data-command-refused'
  /** A reply to PASV or EPSV of success that names no endpoint. */
  | 'data-address-garbled'
  | 'address-refused-by-client'
  | 'command-refused'
  | 'tls-session-not-reused'
  | 'refused-by-proxy'
  | 'transfer-stalled'
  | 'content-mismatch'
  | 'other';

/** A step with what the verdict needs besides. `code` is the FTP reply code, or `null` where no reply came. */
export interface ObservedStep extends Step {
  /** When it began, in milliseconds from the attempt's start. */
  readonly at: number;
  readonly code: number | null;
  readonly failure: FailureKind | null;
  /** The data (or control) connection the step tried to open; `null` where it came to none. */
  readonly connection: ConnectionAttempt | null;
  /** Of a store: SHA-256 (hex) of what there was to send, and the file's name on the server. */
  readonly stored: { readonly file: string; readonly sha256: string } | null;
  /** What the client program did to its user; `null` where a library made the attempt, or earlier output says it all. */
  readonly program: ProgramOutput | null;
}

/** What a client program showed its user in one step. */
export interface ProgramOutput {
  /** Standard output and standard error as they came, without what it wrote only because it was told to log. */
  readonly printed: string;
  /** Its exit status; `null` where the lab ended it. */
  readonly status: number | null;
  /** Whether the lab cut a wait short, so that the program would have printed something else, and later, by itself. */
  readonly cutShort: boolean;
}

/** One line of the control connection. Passwords are masked. `ms` counts from the attempt's start. */
export interface TranscriptLine {
  readonly from: 'client' | 'server';
  readonly text: string;
  readonly ms: number;
}

/** What the agent reports of one attempt. */
export interface AttemptReport {
  /** By the clock of the machine (ISO 8601, UTC). */
  readonly startedAt: string;
  readonly steps: readonly ObservedStep[];
  readonly transcript: readonly TranscriptLine[];
  readonly ms: number;
}

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}
