import type { SavedTable } from '../../policy/iptables-save.ts';
import type { FtpService } from './service.ts';

/** A socket that listens: its IPv4 address, `0.0.0.0` for all, and TCP port. */
export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
}

/** What the machine itself shows. */
export interface Machine {
  /** Its IPv4 addresses but loopback. */
  readonly addresses: readonly string[];
  /** Its interfaces but loopback. */
  readonly interfaces: readonly string[];
  readonly listening: readonly ListeningSocket[];
  /** Whether the kernel has nf_conntrack_ftp; `null` if nobody can tell. */
  readonly helperLoaded: boolean | null;
  /** Whether the kernel attaches helpers by itself (nf_conntrack_helper, before Linux 6.0). */
  readonly helperByItself: boolean;
}

/** The rules of the server's own machine. */
export interface HostRules {
  readonly file: string;
  readonly tables: readonly SavedTable[];
  /** Tables of nft that decide too, and that nobody read. */
  readonly beside: readonly string[];
}

/** All that is known on the server's side. `null`: not known. `why`: why it is not. `unread`: what was not looked at, a phrase each. */
export interface ServerSide {
  readonly service: FtpService | { readonly why: string };
  readonly rules: HostRules | { readonly why: string };
  /** `null`: the files are another machine's. */
  readonly machine: Machine | null;
  /** The address that clients call. */
  readonly seenAt: string | null;
  /** The interface that clients come in by. */
  readonly through: string | null;
  readonly unread: readonly string[];
}
