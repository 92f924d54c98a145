import type { ObservedStep } from '../model/attempt.ts';
import type { Cause } from '../model/cause.ts';
import type { Attempted } from '../model/cell.ts';
import type { ConnectionEvidence, ConnectionPacket, Evidence } from '../model/evidence.ts';
import type { Names } from '../model/names.ts';
import type { WayAstray } from '../model/vocabulary.ts';
import type { RulesPlace } from '../network/topology.ts';
import type { RuleInForce, WrittenRule } from '../policy/rule-lines.ts';

/** Everything that is known of one attempt. */
export interface Observation {
  readonly cell: Attempted;
  readonly steps: readonly ObservedStep[];
  readonly evidence: Evidence;
  /** Who has which addresses; absent if that is not known. */
  readonly known?: Known;
  /** What the user calls hosts; the sentence has these names. */
  readonly names?: Names;
  /** Finds the line of a firewall's file that a rule in force comes from. Absent if the rules come from no file. */
  readonly lineOf?: (firewall: RulesPlace, rule: RuleInForce) => WrittenRule | undefined;
  /** The attempt was made once more, and came to something else. */
  readonly differs?: true;
}

/** IPv4 addresses: of the attempt's two ends, of the firewalls, and of everybody. */
export interface Known {
  readonly ends: readonly string[];
  readonly firewalls: readonly string[];
  readonly everybody: readonly string[];
}

/** What tells apart ways to one cause. */
export type Circumstance =
  /** A line of the control connection that came in pieces. */
  | { readonly kind: 'broken-line' }
  /** The upload is complete on the server, and the client was not told. */
  | { readonly kind: 'all-arrived' }
  /** A firewall kept back the message that packets are too large. */
  | { readonly kind: 'icmp-withheld' }
  /** The packet left the last firewall, and nobody answered. */
  | { readonly kind: 'beyond-firewalls' }
  /** The client speaks to a web proxy, which stores nothing. */
  | { readonly kind: 'web-proxy' }
  /** A SYN came to nothing, though no rule refused it; `how` tells what became of it. */
  | { readonly kind: 'astray'; readonly way: WayAstray; readonly how: string }
  /** Made once more, the attempt came to something else. */
  | { readonly kind: 'differs' }
  /** The answer to a connection's SYN was stopped. */
  | { readonly kind: 'answer'; readonly rejected: boolean }
  /** The packet that completes a connection's handshake was stopped. */
  | { readonly kind: 'handshake' }
  /** A line of the control connection was stopped, and its sender told if it was rejected. */
  | { readonly kind: 'line-stopped'; readonly line: string; readonly rejected: boolean }
  /** A packet of a data connection that stood was stopped. */
  | {
      readonly kind: 'transfer-stopped';
      readonly what: 'data' | 'acknowledgements' | 'end';
      readonly rejected: boolean;
    };

/** Why an upload failed, and what proves it. */
export interface Finding {
  readonly cause: Cause;
  /** What a firewall refused, or did not let out, and why the upload failed. */
  readonly packet?: ConnectionPacket;
  /** If it is another one than that which decided about the packet. */
  readonly rule?: string;
  readonly circumstance?: Circumstance;
}

/** What the finders look at: one failed step, and what the firewalls saw of its connection and of the control connections. */
export interface Case extends Observation {
  readonly step: ObservedStep;
  readonly connection: ConnectionEvidence | undefined;
  readonly controls: readonly ConnectionEvidence[];
}
