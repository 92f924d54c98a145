/* An FTP server as its configuration describes it, whichever daemon reads it. */
import type { PortRange } from '../../network/topology.ts';

export const daemons = ['vsftpd', 'ProFTPD', 'Pure-FTPd'] as const;
export type Daemon = (typeof daemons)[number];

/** A text of a configuration, and where it stands. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** A value that is in force, and where it is set: `/etc/vsftpd.conf:12`. `null`: nowhere, so it is the daemon's default. */
export interface Setting<T> {
  readonly value: T;
  readonly at: string | null;
}

/** What a configuration says about uploads and their connections. */
export interface FtpService {
  readonly daemon: Daemon;
  /** The configuration's file or folder. */
  readonly config: string;
  /** The control port. */
  readonly port: Setting<number>;
  /** Whether the server takes PASV and EPSV. */
  readonly passive: Setting<boolean>;
  /** Whether the server takes PORT and EPRT. */
  readonly active: Setting<boolean>;
  /** The ports of passive data connections; `null`: not set. */
  readonly range: Setting<PortRange | null>;
  /** From where the server draws them if none is set. */
  readonly usualRange: PortRange;
  /** What 227 names, an address or a host's name; `null`: the address that the client called. */
  readonly announced: Setting<string | null>;
  /** The port from which active data connections come; `null`: any. */
  readonly dataPort: number | null;
  readonly tls: Setting<'off' | 'offered' | 'required'>;
  /** Whether a data connection has to resume the TLS session of the control connection. */
  readonly tlsReuse: Setting<boolean>;
  /** Whether the server takes uploads at all. */
  readonly uploads: Setting<boolean>;
  /** What refuses some uploads, by folder, user or amount: a line each. */
  readonly limits: readonly string[];
  /** Sessions at a time; `null`: not set. */
  readonly sessions: Setting<number | null>;
  /** What of the configuration was not read, a phrase each. */
  readonly unread: readonly string[];
}

/** The last of the lines that set something; `at` is `null` if none does. */
export interface Line {
  readonly value: string;
  readonly at: string;
}

/** What a line sets, as a value; the default if there is no line. */
export function settingOf<T>(line: Line | undefined, read: (text: string) => T, usual: T): Setting<T> {
  return line ? { value: read(line.value), at: line.at } : { value: usual, at: null };
}

/** The number in a text; `NaN` if there is none. */
export function numberIn(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}
