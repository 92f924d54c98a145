/* The lines that the lab and its agents exchange: one JSON document a line, both ways. */
import type { AnnouncedConnection, DriverName, Endpoint, StepName, TransferMode } from '../model/attempt.ts';
import type { PortsOrder } from '../model/passive-ports.ts';
import type { FirewallRules, NftListing } from '../model/rule-set.ts';

/** What an agent needs to make one attempt. */
export interface AttemptOrder {
  /** Unique in the lab's life: names the uploaded files. */
  readonly id: string;
  readonly driver: DriverName;
  /** Explicit FTPS: AUTH TLS, then PROT P (RFC 4217). */
  readonly tls: boolean;
  readonly host: string;
  /** The host's addresses, if it is a name. */
  readonly addresses?: readonly string[];
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
  /** Its size. Ignored for the attempt's own upload, which is compared with what was sent. */
  readonly retrieveBytes: number;
  /** How long one step may wait for the network, in milliseconds, unless it is told to stop sooner. */
  readonly patienceMs: number;
  /** The last step to try. Default: all of them. */
  readonly until?: StepName;
}

/** Name that a store gives its file on the server. */
export function uploadName(id: string, step: 'store-small' | 'store-large'): string {
  return `${id}-${step}.bin`;
}

export type AgentRequest =
  /** Answered at once. */
  | { readonly id: number; readonly do: 'hello' }
  | { readonly id: number; readonly do: 'attempt'; readonly order: AttemptOrder }
  /**
   * Tells a running attempt (by the id of its request) to stop waiting for a connection, by its place among those that the attempt
   * announced, from 0: for it to be established or, if it `stands`, for data on it. One that it no longer waits for says nothing of
   * the next one.
   */
  | {
      readonly id: number;
      readonly do: 'stop-waiting';
      readonly request: number;
      readonly connection: number;
      readonly stands: boolean;
    }
  /** Asks a server for passive ports. */
  | { readonly id: number; readonly do: 'ask-ports'; readonly order: PortsOrder }
  /** SHA-256 and size of files below a folder, then removes them. A file that does not exist is `null`. */
  | { readonly id: number; readonly do: 'digest'; readonly folder: string; readonly files: readonly string[] }
  /** Closes this host's TCP connections from or to the given endpoints, also half-open ones. */
  | { readonly id: number; readonly do: 'abandon'; readonly endpoints: readonly Endpoint[] }
  /** Turns the trace of every packet between some pairs of hosts on or off. */
  | {
      readonly id: number;
      readonly do: 'close-up';
      readonly hosts: readonly (readonly [string, string])[];
      readonly on: boolean;
    }
  /** Has the host find its IPv6 neighbours again. */
  | { readonly id: number; readonly do: 'forget-neighbours' }
  /** Puts a numbered bookmark into the firewall's trace. */
  | { readonly id: number; readonly do: 'bookmark'; readonly number: number }
  /** Starts and stops a capture of a firewall's packets of some addresses: files by interface, in base64. */
  | {
      readonly id: number;
      readonly do: 'start-capture';
      readonly key: string;
      readonly addresses: readonly string[];
      readonly snapLength: number;
    }
  | { readonly id: number; readonly do: 'stop-capture'; readonly key: string }
  /** Loads firewall rules and their sets, all or none, and flushes connection tracking. */
  | {
      readonly id: number;
      readonly do: 'load';
      readonly rules: FirewallRules;
      /** Whether to list nft rules afterwards. */
      readonly listed: boolean;
    }
  /** `iptables-save -c`, `ip6tables-save -c` and the companion's `nft list`, as text. */
  | { readonly id: number; readonly do: 'counters' };

export type AgentReply =
  | { readonly id: number; readonly event: 'connecting'; readonly connection: AnnouncedConnection }
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: string };

export interface LoadResult {
  readonly loaded: boolean;
  /** The message of iptables, ipset or nft if it did not load; the former rules are then in force again. */
  readonly message: string;
  readonly ms: number;
  /** What the kernel has of {@link FirewallRules.ruleset} afterwards, if that was asked. */
  readonly listing?: NftListing;
}
