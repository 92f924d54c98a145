import { LabError } from '../errors.ts';
import type {
  AccessRule,
  FirewallPolicy,
  NetworkRule,
  Peer,
  ProtocolDefinition,
  RuleSet,
} from '../model/rule-set.ts';
import type { FirewallName, PortRange } from '../network/topology.ts';
import { checkDistinct, ruleName, ruleSetName } from './names.ts';

/** What an access rule says in addition to its name and action. */
export interface AccessRuleOptions {
  /** `all` is ISA's "all outbound traffic"; the FTP access filter does not apply to it. */
  readonly protocols: readonly ProtocolDefinition[] | 'all';
  readonly from: readonly Peer[];
  readonly to: readonly Peer[];
  /** Source ports of the primary connections. Default: `null`, any. */
  readonly sourcePorts?: PortRange | null;
  /**
   * The FTP access filter's Read Only box: refuses uploads. Default: on if the rule allows a protocol that the filter
   * is bound to, as for every new rule in ISA 2004. A rule without the filter has no such box.
   */
  readonly ftpReadOnly?: boolean;
}

/** An access rule that allows. Throws LabError `usage` for a rule that ISA would reject. */
export function allow(name: string, options: AccessRuleOptions): AccessRule {
  return accessRule('allow', name, options);
}

/** An access rule that denies. Throws LabError `usage` for a rule that ISA would reject. */
export function deny(name: string, options: AccessRuleOptions): AccessRule {
  return accessRule('deny', name, options);
}

function accessRule(
  action: AccessRule['action'],
  name: string,
  { protocols, from, to, sourcePorts = null, ftpReadOnly }: AccessRuleOptions,
): AccessRule {
  const refuse = (says: string, hint: string) => {
    throw new LabError('usage', 'access-rule-malformed', `Access rule "${name}" ${says}`, hint);
  };
  if (protocols.length === 0) refuse('names no protocol', 'Name one, or use protocols: "all".');
  if (from.length === 0) refuse('has an empty "from"', 'Name a source, such as from: [internal].');
  if (to.length === 0) refuse('has an empty "to"', 'Name a destination, such as to: [external].');
  if (protocols === 'all' && sourcePorts)
    refuse(
      'limits the source ports of all protocols',
      'Only a single protocol has ports: name the protocols.',
    );
  const filtered =
    action === 'allow' && protocols !== 'all' && protocols.some(({ filter }) => filter === 'ftp');
  if (ftpReadOnly && !filtered)
    refuse(
      'is Read Only, but the FTP access filter does not apply to it',
      'Use the protocol ftp, or leave out ftpReadOnly.',
    );
  return {
    name: ruleName(name),
    action,
    protocols,
    from,
    to,
    sourcePorts,
    ftpReadOnly: ftpReadOnly ?? filtered,
  };
}

/** The network rule with the relation `route`: both sides keep their addresses, and either side may open connections. */
export function route(name = 'Internal to External'): NetworkRule {
  return { name: ruleName(name), relation: 'route' };
}

/**
 * The network rule with the relation `NAT`: Internal hides behind the firewall's address, and nobody outside can open a
 * connection inwards.
 */
export function nat(name = 'Internal to External'): NetworkRule {
  return { name: ruleName(name), relation: 'NAT' };
}

/** A rule set with one policy for both firewalls, or one policy for each. */
export type RuleSetOptions = Pick<RuleSet, 'name' | 'description'> &
  ({ readonly both: FirewallPolicy } | { readonly firewalls: Record<FirewallName, FirewallPolicy> });

/** A rule set for both firewalls. Throws LabError `usage` if its name is not kebab-case or two rules have the same name. */
export function ruleSet(options: RuleSetOptions): RuleSet {
  const { name, description } = options;
  const firewalls = 'both' in options ? { 'isa-x': options.both, 'isa-y': options.both } : options.firewalls;
  for (const { accessRules } of Object.values(firewalls)) checkDistinct(accessRules.map((rule) => rule.name));
  return { kind: 'isa', name: ruleSetName(name), description, firewalls };
}
