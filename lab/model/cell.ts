import type { ClientName, ServerName } from '../network/topology.ts';
import { type DriverName, driverNames, type TransferMode } from './vocabulary.ts';

export type { CellResult, Expectation, LeftBehind, RefusedPacket, Verdict } from './result/cell.ts';

/** The two ends of an upload and how it is made, under the names that a sentence uses. */
export interface Attempted {
  readonly client: string;
  readonly server: string;
  readonly mode: TransferMode;
  readonly driver: DriverName;
  /** Whether the session is explicit FTPS (RFC 4217). */
  readonly tls: boolean;
}

/** What is attempted in the lab, whatever the rules in force. */
export interface Attempt extends Attempted {
  readonly client: ClientName;
  readonly server: ServerName;
}

/** One cell of the matrix: an attempt under a rule set. */
export interface CellKey extends Attempt {
  readonly ruleSet: string;
}

/** `client/server/mode[/driver][/tls]`: a cell without its rule set. The usual driver goes unnamed. */
export function attemptId({ client, server, mode, driver, tls }: Attempt): string {
  const rest = [...(driver === driverNames[0] ? [] : [driver]), ...(tls ? ['tls'] : [])];
  return [client, server, mode, ...rest].join('/');
}

/** `rule set/client/server/mode[/driver][/tls]`: stable, and what people pass to commands. */
export function cellId(cell: CellKey): string {
  return `${cell.ruleSet}/${attemptId(cell)}`;
}

/** What is unusual about an attempt's program: `curl`, `TLS`, `curl, TLS`; '' for the usual driver without TLS. */
export function programOf({ driver, tls }: Pick<Attempt, 'driver' | 'tls'>): string {
  return [...(driver === driverNames[0] ? [] : [driver]), ...(tls ? ['TLS'] : [])].join(', ');
}
