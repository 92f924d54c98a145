import type { ClientName, FirewallName, PortRange, ServerName, SubnetName } from '../network/topology.ts';

/*
 * A rule set in ISA Server 2004's terms. What ISA calls it, where it is set, and what it compiles to:
 * see compile.ts. Everything here is plain data, so that a rule set can be printed, compared and sent around.
 */

/** One end of an access rule. `internal` is the subnet behind the firewall that the rule is on, `external` is all else. */
export type Peer =
  | { readonly kind: 'internal' }
  | { readonly kind: 'external' }
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'subnet'; readonly subnet: SubnetName }
  | { readonly kind: 'computer'; readonly host: ClientName | ServerName }
  | { readonly kind: 'cidr'; readonly cidr: string };

/** A primary or secondary connection of a protocol definition. `outbound` runs from the rule's `from` to its `to`. */
export interface Connection {
  readonly direction: 'outbound' | 'inbound';
  /** TCP destination ports, first and last. */
  readonly ports: PortRange;
}

/** ISA's protocol definition: the connections, and whether the FTP access filter is bound to it. */
export interface ProtocolDefinition {
  readonly name: string;
  readonly primary: readonly Connection[];
  readonly secondary: readonly Connection[];
  readonly filter: 'ftp' | null;
}

/** An ordered allow or deny; the first match decides. */
export interface AccessRule {
  readonly name: string;
  readonly action: 'allow' | 'deny';
  /** `all` is ISA's "all outbound traffic". */
  readonly protocols: readonly ProtocolDefinition[] | 'all';
  readonly from: readonly Peer[];
  readonly to: readonly Peer[];
  /** Limits the source ports ("Ports" button of the rule's protocol page); `null` is no limit. */
  readonly sourcePorts: PortRange | null;
  /** The FTP access filter's per-rule Read Only box. On for a new rule in ISA 2004. */
  readonly ftpReadOnly: boolean;
}

/** The relation between the firewall's internal network and External. Without one, nothing passes. */
export interface NetworkRule {
  readonly name: string;
  readonly relation: 'route' | 'NAT';
}

/** What one firewall enforces. `Default rule`, which denies, is always last and not listed. */
export interface FirewallPolicy {
  readonly networkRule: NetworkRule | null;
  readonly accessRules: readonly AccessRule[];
  /** After how many seconds without a packet the firewall forgets a TCP connection. Default: the kernel's, five days. */
  readonly idleTimeout?: number;
}

/** What both firewalls enforce. */
export interface RuleSet {
  readonly name: string;
  /** One sentence for people: what it lets through. */
  readonly description: string;
  readonly firewalls: Record<FirewallName, FirewallPolicy>;
}

/**
 * What both firewalls enforce, in iptables' words: for rules that ISA's cannot express. As iptables-save prints it; the
 * interfaces are `inside` and `outside`, and it names no addresses, as these differ from lab to lab.
 */
export interface IptablesRuleSet {
  readonly name: string;
  readonly description: string;
  readonly iptables: Record<FirewallName, string>;
}

/** What a firewall container loads: `iptables-restore` input, and an `nft -f` companion for what iptables cannot do. */
export interface FirewallRules {
  readonly iptables: string;
  readonly nft: string | null;
  /** The sets that the rules ask, as `ipset restore` input. Default: none. */
  readonly sets?: string;
}

/** The name of ISA's last rule, as its log shows it. */
export const defaultRule = 'Default rule';
