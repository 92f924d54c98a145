/*
 * A rule set in ISA Server 2004's terms. What ISA calls it, where it is set, and what it compiles to:
 * see compile.ts. Everything here is plain data, so that a rule set can be printed, compared and sent around.
 */

import { LabError } from '../errors.ts';
import type { FirewallName, MachineName } from '../network/topology.ts';
import type { FirewallPolicy, RuleSet } from './result/rule-set.ts';
import type { FirewallRules } from './result/run.ts';

export type {
  AccessRule,
  Connection,
  FirewallPolicy,
  NetworkRule,
  Peer,
  PolicyRule,
  ProtocolDefinition,
  PublishingRule,
  RuleSet,
} from './result/rule-set.ts';
export type { FirewallRules, RulesByPlace } from './result/run.ts';

/** What a client or server loads that has no rules of its own. */
export const noRules: FirewallRules = { iptables: '', nft: null };

/** Tables as nft lists them. */
export interface NftListing {
  /** `nft -a -s -t list table`: rules with their handles, without counters and without what sets hold. */
  readonly text: string;
  /** `nft -j -a list table`: the objects of libnftables-json(5), sets with what they hold. */
  readonly json: readonly unknown[];
}

/**
 * What both firewalls enforce, in iptables' words: for rules that ISA's cannot express. As iptables-save prints it; the
 * interfaces are `inside` and `outside`, and it names no addresses, as these differ from lab to lab.
 */
export interface IptablesRuleSet {
  readonly kind: 'iptables';
  readonly name: string;
  readonly description: string;
  readonly iptables: Record<FirewallName, string>;
  /** As ip6tables-save prints it; a firewall that is not named lets all IPv6 pass, as one does on which nobody thought of it. */
  readonly iptables6?: Readonly<Record<FirewallName, string>>;
  /** Rules of clients' and servers' own firewalls, whose interface is `eth0`; a host that is not named has none. */
  readonly hosts?: Readonly<Record<MachineName, string>>;
}

/** The name of ISA's last rule, as its log shows it. */
export const defaultRule = 'Default rule';

/** The policy of a firewall. Throws LabError `rule-set-malformed` if a rule set says nothing of it. */
export function policyOf({ name, firewalls }: RuleSet, firewall: FirewallName): FirewallPolicy {
  const policy = firewalls[firewall];
  if (policy !== undefined) return policy;
  throw new LabError(
    'usage',
    'rule-set-malformed',
    `The rule set ${name} has no policy for the firewall ${firewall}`,
    `Give it one under firewalls: ${JSON.stringify(firewall)}.`,
  );
}
