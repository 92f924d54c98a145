/*
 * What asking a server for passive ports is made of. Shared by the host side and the agent that runs in the containers, so
 * it imports no code.
 */

import type { PortsReport } from './result/ports.ts';

export type { PassiveCommand, PassivePort, PortsReport } from './result/ports.ts';

/** Which server to ask, as which user, and how often. */
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

/** The server that was asked for passive ports, and what it announced. */
export interface AskedServer {
  readonly server: string;
  readonly address: string;
  readonly port: number;
  readonly report: PortsReport;
}
