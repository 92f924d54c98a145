import { defaultRule, type FirewallPolicy, type RuleSet } from '../lab/model/rule-set.ts';
import type { Scenario } from '../lab/model/scenario.ts';
import {
  allServerNames,
  clientNames,
  firewallNames,
  firewallsBetween,
  type ServerName,
  serverNames,
} from '../lab/network/topology.ts';
import { allow, anywhere, route } from '../lab/policy/dsl.ts';
import { blocked, uploads } from './shared.ts';

const open: FirewallPolicy = {
  networkRule: route(),
  accessRules: [allow('Everything', { protocols: 'all', from: [anywhere], to: [anywhere] })],
};

function everywhere(name: string, description: string, policy: FirewallPolicy): RuleSet {
  const firewalls = Object.fromEntries(firewallNames().map((firewall) => [firewall, policy]));
  return { kind: 'isa', name, description, firewalls };
}

/** On every firewall of the network in use, everything is allowed. */
export function openRules(): RuleSet {
  return everywhere('all-open', 'Everything is allowed in both directions.', open);
}

/** On every firewall of the network in use, nothing is allowed. */
export function closedRules(): RuleSet {
  const description = 'No access rule but the Default rule, which denies.';
  return everywhere('all-closed', description, { networkRule: route(), accessRules: [] });
}

/**
 * The controls of a network of one's own, as all-open and all-closed are those of the shipped one: for each upload that crosses a firewall.
 * Staged servers are unusual, so that an upload to them need not work.
 */
export function networkControls(): Scenario[] {
  const crossing = (servers: readonly ServerName[]) =>
    clientNames().flatMap((client) =>
      servers.flatMap((server) => {
        const [firewall] = firewallsBetween(client, server);
        return firewall === undefined ? [] : [{ client, server, firewall }];
      }),
    );
  return [
    {
      name: 'all-open',
      question: 'With every connection allowed, does every upload work?',
      ruleSet: openRules(),
      control: 'open',
      cells: crossing(serverNames()).map(({ client, server }) => ({
        clients: [client],
        servers: [server],
        expect: uploads,
      })),
    },
    {
      name: 'all-closed',
      question: 'Without any access rule, does the Default rule stop every attempt at the first packet?',
      ruleSet: closedRules(),
      control: 'closed',
      cells: crossing(allServerNames()).map(({ client, server, firewall }) => ({
        clients: [client],
        servers: [server],
        expect: blocked('control-dropped', 'no-connection', { firewall, rule: defaultRule }),
      })),
    },
  ];
}
