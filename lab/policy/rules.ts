import { LabError } from '../errors.ts';
import type {
  AccessRule,
  FirewallPolicy,
  NetworkRule,
  Peer,
  ProtocolDefinition,
  PublishingRule,
  RuleSet,
} from '../model/rule-set.ts';
import type { ClientName, FirewallName, MachineName, PortRange, ServerName } from '../network/topology.ts';
import { checkDistinct, ruleName, ruleSetName } from './names.ts';
import type { external } from './peers.ts';
import { tcp } from './protocols.ts';

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

/** What a server publishing rule says in addition to its name. */
export interface PublishingRuleOptions {
  /** The server, which must stand in the subnet behind the firewall. */
  readonly server: ClientName | ServerName;
  /** Such as `ftpServer`: a definition whose primary connections are inbound. */
  readonly protocol: ProtocolDefinition;
  /** The network whose clients may call. Only External has clients that need a publishing rule. */
  readonly listener?: typeof external;
  /** The port to publish on instead of the protocol definition's own. Default: `null`, the same. */
  readonly port?: number | null;
  /**
   * "Requests appear to come from the original client", which is ISA's default for server publishing; if false, from the ISA Server
   * computer.
   */
  readonly keepClientAddress?: boolean;
  /** The FTP access filter's Read Only box, as of access rules: on by default if the filter is bound to the protocol. */
  readonly ftpReadOnly?: boolean;
}

/**
 * A server publishing rule (Microsoft TechNet cc713319, bb838926). Throws LabError `publishing-rule-malformed` for a rule that ISA would
 * reject.
 */
export function publish(
  name: string,
  { server, protocol, port = null, keepClientAddress = true, ftpReadOnly }: PublishingRuleOptions,
): PublishingRule {
  const refuse = (says: string, hint: string) => {
    throw new LabError(
      'usage',
      'publishing-rule-malformed',
      `Server publishing rule "${name}" ${says}`,
      hint,
    );
  };
  if (protocol.primary.some(({ direction }) => direction === 'outbound'))
    refuse(
      `publishes "${protocol.name}", whose primary connection is outbound`,
      'Publish a protocol with an inbound one, such as ftpServer.',
    );
  const filtered = protocol.filter === 'ftp';
  if (ftpReadOnly && !filtered)
    refuse(
      'is Read Only, but the FTP access filter does not apply to it',
      'Use the protocol ftpServer, or leave out ftpReadOnly.',
    );
  if (port !== null) tcp(port);
  return {
    name: ruleName(name),
    action: 'publish',
    server,
    protocol,
    port,
    keepClientAddress,
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

/** A rule set with one policy for every firewall, or one policy for each; and rules of hosts' own firewalls. */
export type RuleSetOptions<
  Firewall extends string = FirewallName,
  Machine extends string = MachineName,
> = Pick<RuleSet, 'name' | 'description' | 'ipv6'> & {
  readonly hosts?: { readonly [host in Machine]?: string };
} & ({ readonly both: FirewallPolicy } | { readonly firewalls: Readonly<Record<Firewall, FirewallPolicy>> });

/**
 * A rule set for these firewalls; `both` is the policy of each, however many there are. Throws LabError `usage` if its name is not
 * kebab-case or two rules have the same name.
 */
export function ruleSet(options: RuleSetOptions, all: readonly FirewallName[] = ['isa-x', 'isa-y']): RuleSet {
  const { name, description, ipv6, hosts } = options;
  const firewalls =
    'both' in options
      ? Object.fromEntries(all.map((firewall) => [firewall, options.both]))
      : options.firewalls;
  for (const { accessRules } of Object.values(firewalls)) checkDistinct(accessRules.map((rule) => rule.name));
  return {
    kind: 'isa',
    name: ruleSetName(name),
    description,
    firewalls,
    ...(ipv6 && { ipv6 }),
    ...(hosts && { hosts: hosts as Readonly<Record<MachineName, string>> }),
  };
}
