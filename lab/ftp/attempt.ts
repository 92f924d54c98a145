/*
 * What an FTP attempt is made of, and the lines that the lab and its agents exchange about it. Shared by the host side
 * and the agent that runs in the containers, so it imports no code.
 */
import type { FirewallRules } from '../policy/rule-set.ts';
import type { PortsOrder } from './passive-ports.ts';

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

/** What an agent needs to make one attempt. */
export interface AttemptOrder {
  /** Unique in the lab's life: names the uploaded files. */
  readonly id: string;
  readonly driver: DriverName;
  /** Explicit FTPS: AUTH TLS, then PROT P (RFC 4217). */
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** The web proxy that the driver `web-proxy` speaks to. */
  readonly proxy?: Endpoint;
  readonly user: string;
  readonly password: string;
  readonly mode: TransferMode;
  /** Bytes of the two uploads. */
  readonly smallBytes: number;
  readonly largeBytes: number;
  /** The file that the retrieve step fetches; `null` for the attempt's own larger upload that the server confirmed. */
  readonly retrieveFile: string | null;
  /** Its size; of no account for an upload of the attempt's own, which is compared with what was sent. */
  readonly retrieveBytes: number;
  /** How long one step may wait for the network, in milliseconds, where nothing tells it to stop sooner. */
  readonly patienceMs: number;
}

/** Name that a store gives its file on the server. */
export function uploadName(id: string, step: 'store-small' | 'store-large'): string {
  return `${id}-${step}.bin`;
}

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
  | 'tls-refused'
  | 'login-denied'
  | 'command-unanswered'
  | 'data-unanswered'
  | 'data-refused'
  | 'data-command-refused'
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

/* ---- agent protocol: one JSON document a line, both ways ---- */

export type AgentRequest =
  /** Answered at once. */
  | { readonly id: number; readonly do: 'hello' }
  | { readonly id: number; readonly do: 'attempt'; readonly order: AttemptOrder }
  /** Tells a running attempt (by the id of its request) that its pending connection was dropped: stop waiting. */
  | {
      readonly id: number;
      readonly do: 'stop-waiting';
      readonly request: number;
      readonly destination: Endpoint;
    }
  /** Asks a server for passive ports. */
  | { readonly id: number; readonly do: 'ask-ports'; readonly order: PortsOrder }
  /** SHA-256 and size of files below a folder, then removes them. A file that does not exist is `null`. */
  | { readonly id: number; readonly do: 'digest'; readonly folder: string; readonly files: readonly string[] }
  /** Ends this host's own connection attempts to the given TCP ports. */
  | { readonly id: number; readonly do: 'abandon'; readonly ports: readonly number[] }
  /** Puts a numbered bookmark into the firewall's trace. */
  | { readonly id: number; readonly do: 'bookmark'; readonly number: number }
  /** Begins to capture a firewall's packets of some addresses, and ends that: files by interface, in base64. */
  | {
      readonly id: number;
      readonly do: 'start-capture';
      readonly key: string;
      readonly addresses: readonly string[];
      readonly snapLength: number;
    }
  | { readonly id: number; readonly do: 'stop-capture'; readonly key: string }
  /** Loads firewall rules and their sets, all or none, and flushes connection tracking. */
  | { readonly id: number; readonly do: 'load'; readonly rules: FirewallRules }
  /** `iptables-save -c` and the companion's `nft list`, as text. */
  | { readonly id: number; readonly do: 'counters' };

export type AgentReply =
  | { readonly id: number; readonly event: 'connecting'; readonly connection: AnnouncedConnection }
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: string };

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

export interface LoadResult {
  readonly loaded: boolean;
  /** iptables', ipset's or nft's own message where it did not load; the former rules are then in force again. */
  readonly message: string;
  readonly ms: number;
}
