import type { ClientName, FirewallName, ServerName } from '../network/topology.ts';
import { type DriverName, driverNames, type Step, type StepName, type TransferMode } from './attempt.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';

/** Who uploads to whom and how; the names are those that a sentence calls them by. */
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

/** `rule set/client/server/mode[/driver][/tls]`: stable, and what people pass to commands. The usual driver goes unnamed. */
export function cellId({ ruleSet, client, server, mode, driver, tls }: CellKey): string {
  const rest = [...(driver === driverNames[0] ? [] : [driver]), ...(tls ? ['tls'] : [])];
  return [ruleSet, client, server, mode, ...rest].join('/');
}

/** What is unusual about an attempt's program: `curl`, `TLS`, `curl, TLS`; '' for the usual driver without TLS. */
export function programOf({ driver, tls }: Pick<Attempt, 'driver' | 'tls'>): string {
  return [...(driver === driverNames[0] ? [] : [driver]), ...(tls ? ['TLS'] : [])].join(', ');
}

/** A packet that a firewall refused, or did not let out. Endpoints are `address:port`, or addresses for ICMP. */
export interface RefusedPacket {
  readonly protocol: 'tcp' | 'icmp';
  readonly source: string;
  readonly destination: string;
}

/** What a cell came to. `firewall`, `rule` and `packet` are null where no firewall refused anything. */
export interface Verdict {
  readonly uploaded: boolean;
  /** The step because of which the upload failed: connect, login, or a store. */
  readonly failedAt: StepName | null;
  readonly cause: Cause;
  readonly firewall: FirewallName | null;
  readonly rule: string | null;
  readonly packet: RefusedPacket | null;
  readonly sentence: string;
}

/** What a scenario expects of a cell; a field left out is not checked. */
export interface Expectation {
  readonly uploaded: boolean;
  readonly cause: Cause;
  readonly failedAt?: StepName;
  readonly firewall?: FirewallName;
  readonly rule?: string;
  /** Outcome of steps that matter to the question, such as `list` under Read Only. */
  readonly steps?: Partial<Record<StepName, Step['outcome']>>;
}

/** A cell's result, as `--json` writes it. */
export interface CellResult extends CellKey {
  readonly id: string;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  readonly expected: Expectation | null;
  /** `null` where nothing was expected. */
  readonly asExpected: boolean | null;
  /** Of a cell that was attempted several times: how often, and how often it uploaded. Steps and verdict are those of one. */
  readonly attempts?: { readonly made: number; readonly uploaded: number };
  /** What the verdict rests on. Absent where it was not kept. */
  readonly evidence?: Evidence;
  /** The file with its packets, where they were captured; in a document, as seen from the document's folder. */
  readonly pcap?: string;
  readonly ms: number;
}
