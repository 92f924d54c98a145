/* A rule to add to a file, before it is written in the file's language; and where it goes. */

import type { PortRange } from '../../network/topology.ts';
import type { RuleInForce } from '../rule-lines.ts';

/** A rule of the file, by what matters for the place of a new one. */
export interface GroundRule {
  readonly table: string;
  readonly chain: string;
  /** Grows from rule to rule of a chain; what else it says is for the language alone. */
  readonly order: number;
  readonly accepts: boolean;
  /** Whether it logs and leaves the packet to the rules behind it. */
  readonly logs: boolean;
  readonly matchesAll: boolean;
  /** Chains that it sends packets to. */
  readonly targets: readonly string[];
}

/** A file's rules, and which of them a rule in force comes from. */
export interface Ground {
  readonly tables: readonly string[];
  readonly rules: readonly GroundRule[];
  readonly find: (rule: RuleInForce) => GroundRule | undefined;
  /** Whether connection tracking knows the packets that come to a base chain. */
  readonly isTracked: (table: string, chain: string) => boolean;
}

/** Where a new rule goes. */
export type Place =
  | { readonly at: 'before' | 'behind'; readonly rule: GroundRule }
  | { readonly at: 'end'; readonly table: string; readonly chain: string };

/** A state of a packet's connection, as nft names it. */
export type State = 'new' | 'related' | 'established';

/** A rule to add to a file. */
export interface Repair {
  /** Addresses that packets come from and go to; `null` is any. */
  readonly from: string | null;
  readonly to: string | null;
  /** TCP ports; or the ICMP message that a packet is too large (RFC 1191). */
  readonly of: { readonly source: PortRange } | { readonly destination: PortRange } | 'path-mtu';
  /** Empty for any. */
  readonly states: readonly State[];
  /** Whether packets are left out that open a connection, if no state says so. */
  readonly amid?: true;
  /** Whether it is only about connections that the FTP helper follows, and those that it expects. */
  readonly followed?: true;
  /** `follow`: attaches the FTP helper; `publish`: translates the destination to this address. */
  readonly does: 'accept' | 'follow' | { readonly publish: string };
  /** `null`: where the language has such rules, in front of all that decides. */
  readonly place: Place | null;
  /** Of a rule without a place: whether the packets come in, or the host itself sends them. */
  readonly entrance: 'PREROUTING' | 'OUTPUT';
  /** What it is for, in a few words; becomes its comment if the file's rules have comments. */
  readonly purpose: string;
}

/** Whether a rule is about packets of IPv6. */
export function isOfIPv6({ from, to }: Pick<Repair, 'from' | 'to'>): boolean {
  return `${from ?? ''}${to ?? ''}`.includes(':');
}
