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
import { allClosed, nothingAllowed } from './all-closed.ts';
import { allOpen, everythingAllowed } from './all-open.ts';
import { blocked, byBoth, uploads } from './shared.ts';

/** The rule set of a control on every firewall of the network in use. */
function everywhere({ name, ruleSet: { description } }: Scenario, policy: FirewallPolicy): RuleSet {
  const firewalls = Object.fromEntries(firewallNames().map((firewall) => [firewall, policy]));
  return { kind: 'isa', name, description, firewalls, ipv6: true };
}

/** On every firewall of the network in use, everything is allowed. */
export function openRules(): RuleSet {
  return everywhere(allOpen, everythingAllowed);
}

/** On every firewall of the network in use, nothing is allowed. */
export function closedRules(): RuleSet {
  return everywhere(allClosed, nothingAllowed);
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
      ...allOpen,
      ruleSet: openRules(),
      cells: crossing(serverNames()).flatMap(({ client, server }) =>
        byBoth({ clients: [client], servers: [server], expect: uploads }),
      ),
    },
    {
      ...allClosed,
      ruleSet: closedRules(),
      cells: crossing(allServerNames()).flatMap(({ client, server, firewall }) =>
        byBoth({
          clients: [client],
          servers: [server],
          expect: blocked('control-dropped', 'no-connection', { firewall, rule: defaultRule }),
        }),
      ),
    },
  ];
}
