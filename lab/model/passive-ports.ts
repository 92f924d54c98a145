/*
 * What asking a server for passive ports is made of. Shared by the host side and the agent that runs in the containers, so
 * it imports nothing.
 */

/** The commands that make a server listen: PASV (RFC 959 section 4.1.2) and EPSV (RFC 2428 section 3). */
export type PassiveCommand = 'PASV' | 'EPSV';

/** Which server to ask, as whom, and how gently. */
export interface PortsOrder {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** How many ports to ask for, by PASV and EPSV in turn. */
  readonly count: number;
  /** Pause between two questions, in milliseconds. */
  readonly pauseMs: number;
  /** How long one answer may take, in milliseconds. */
  readonly patienceMs: number;
}

/** One port that the server announced. */
export interface PassivePort {
  readonly command: PassiveCommand;
  readonly port: number;
  /** The host that a PASV reply names, where it is another one than was asked. Nobody connects to it. */
  readonly otherHost: string | null;
}

/** What the asking came to. */
export interface PortsReport {
  /** In the order of the answers. */
  readonly ports: readonly PassivePort[];
  /** Commands that the server refused, with its reply; none of them was sent again. */
  readonly refused: readonly { readonly command: PassiveCommand; readonly reply: string }[];
  /** Why the asking ended early: the server's reply or the client's error; `null` where it did not. */
  readonly failure: string | null;
}

/** Who was asked for passive ports, and what came of it. */
export interface AskedServer {
  readonly server: string;
  readonly address: string;
  readonly port: number;
  readonly report: PortsReport;
}
