import { type Family, families } from '../network/family.ts';
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
  /** Whether the client calls the server by IPv6; by IPv4 if it is absent. */
  readonly ipv6?: true;
  /** Whether the client calls the server by a name that has an IPv4 and an IPv6 address, and chooses. */
  readonly named?: true;
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

/** How a key says by what the client calls the server: what is absent stays so. */
export function callOf({
  ipv6,
  named,
}: {
  readonly ipv6?: true | undefined;
  readonly named?: true | undefined;
}): Pick<Attempt, 'ipv6' | 'named'> {
  return { ...(ipv6 && { ipv6 }), ...(named && { named }) };
}

/** The versions of the Internet Protocol that an attempt may be made by. */
export function familiesOf({ ipv6, named }: Pick<Attempt, 'ipv6' | 'named'>): readonly Family[] {
  if (named) return families;
  return [ipv6 ? 'ipv6' : 'ipv4'];
}

/** `client/server/mode[/driver][/tls][/ipv6 or /name]`: a cell without its rule set. The usual driver goes unnamed. */
export function attemptId({ client, server, mode, driver, tls, ipv6, named }: Attempt): string {
  const rest = [
    ...(driver === driverNames[0] ? [] : [driver]),
    ...(tls ? ['tls'] : []),
    ...(ipv6 ? ['ipv6'] : []),
    ...(named ? ['name'] : []),
  ];
  return [client, server, mode, ...rest].join('/');
}

/** `rule set/client/server/mode[/driver][/tls][/ipv6 or /name]`: stable, and what people pass to commands. */
export function cellId(cell: CellKey): string {
  return `${cell.ruleSet}/${attemptId(cell)}`;
}

/** What is unusual about how an attempt is made: `curl`, `TLS`, `curl, TLS, IPv6`; '' for the usual driver without TLS over IPv4. */
export function programOf({
  driver,
  tls,
  ipv6,
  named,
}: Pick<Attempt, 'driver' | 'tls' | 'ipv6' | 'named'>): string {
  return [
    ...(driver === driverNames[0] ? [] : [driver]),
    ...(tls ? ['TLS'] : []),
    ...(ipv6 ? ['IPv6'] : []),
    ...(named ? ['by name'] : []),
  ].join(', ');
}
