import type { Peer, PublishingRule, RuleSet } from '../model/rule-set.ts';
import type { Scenario } from '../model/scenario.ts';
import type { NetworkDefinition } from '../network/definition.ts';
import { networkFrom } from '../network/network.ts';
import type { shipped } from '../network/shipped.ts';
import * as peers from './peers.ts';
import * as rules from './rules.ts';

type Keys<Named> = keyof Named & string;

/** The names of a network's subnets. */
type SubnetOf<Network extends NetworkDefinition> = Keys<Network['subnets']>;
/** The names of its firewalls. */
type FirewallOf<Network extends NetworkDefinition> = Keys<Network['firewalls']>;
/** The names of its machines. */
type MachineOf<Network extends NetworkDefinition> = Keys<Network['hosts']>;
/** The names of its clients and servers. */
type HostOf<Network extends NetworkDefinition> = MachineOf<Network> | Keys<NonNullable<Network['staged']>>;

/** A scenario whose hosts are those of a network. */
type ScenarioOf<Network extends NetworkDefinition> = Omit<Scenario, 'cells'> & {
  readonly cells: readonly (Omit<Scenario['cells'][number], 'clients' | 'servers'> & {
    readonly clients: readonly HostOf<Network>[];
    readonly servers: readonly HostOf<Network>[];
  })[];
};

/** The rule-set language with the names of one network, so that a slip of the pen is a type error. */
export interface Language<Network extends NetworkDefinition> {
  /** A subnet, by name. */
  readonly subnet: (name: SubnetOf<Network>) => Peer;
  /** A client or server, by name. */
  readonly computer: (name: HostOf<Network>) => Peer;
  /** A server publishing rule. Throws LabError `publishing-rule-malformed` for a rule that ISA would reject. */
  readonly publish: (
    name: string,
    options: Omit<rules.PublishingRuleOptions, 'server'> & { readonly server: HostOf<Network> },
  ) => PublishingRule;
  /** A rule set. Throws LabError `usage` if its name is not kebab-case or two rules have the same name. */
  readonly ruleSet: (options: rules.RuleSetOptions<FirewallOf<Network>, MachineOf<Network>>) => RuleSet;
  /** A scenario, as `ftplab run` takes it. */
  readonly scenario: (scenario: ScenarioOf<Network>) => Scenario;
}

/** A network of your own, checked. Throws LabError `network-malformed`, which says what is wrong with it. */
export function defineNetwork<const Network extends NetworkDefinition>(definition: Network): Network {
  networkFrom(definition);
  return definition;
}

/** The language for rules and scenarios of a network: `const { computer, ruleSet } = languageOf(network)`. */
export function languageOf<Network extends NetworkDefinition>(network: Network): Language<Network> {
  return {
    subnet: peers.subnet,
    computer: peers.computer,
    publish: rules.publish,
    ruleSet: (options) => rules.ruleSet(options, Object.keys(network.firewalls)),
    scenario: (scenario) => scenario,
  };
}

/** The names of the shipped network. */
export type Shipped = typeof shipped;
