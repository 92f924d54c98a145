import { transferModes } from '../lab/model/attempt.ts';
import type { Scenario } from '../lab/model/scenario.ts';
import {
  allServerNames,
  clientNames,
  firewallNames,
  isDecidedAt,
  type MachineName,
  type ServerName,
  serverNames,
} from '../lab/network/topology.ts';
import { blocked, scenario, uploads } from './shared.ts';

const last = 'Nothing passes';

/** What a host has whose own firewall accepts everything, or nothing. */
const own = {
  open: '*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
  closed: `*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${['INPUT ! -i lo', 'OUTPUT ! -o lo'].map((from) => `-A ${from} -m comment --comment "${last}" -j DROP\n`).join('')}COMMIT\n`,
};

/**
 * Controls of a host's own firewall, as all-open and all-closed are those of the firewalls between networks, which let everything pass
 * here: with nothing blocked every upload from and to the host must work, and whatever gets through the closed one bypasses it.
 */
export function hostControls(host: MachineName): Scenario[] {
  const control = (kind: 'open' | 'closed', cells: Scenario['cells']) =>
    scenario(`host-${kind}`, {
      question: `Does ${host}'s own firewall decide alone about what it sends and takes?`,
      ruleSet: {
        description: `The firewalls let everything pass, and the one of ${host} ${kind === 'open' ? 'everything' : 'nothing'}.`,
        iptables: Object.fromEntries(firewallNames().map((firewall) => [firewall, ''])),
        hosts: { [host]: own[kind] },
      },
      control: kind,
      cells,
    });
  const cells = (servers: readonly ServerName[], expect: Scenario['cells'][number]['expect']) =>
    clientNames().flatMap((client) => ({
      clients: [client],
      servers: servers.filter((server) => isDecidedAt(host, client, server)),
      modes: transferModes,
      expect,
    }));
  const dropped = blocked('control-dropped', 'no-connection', { firewall: host, rule: last });
  return [
    control('open', cells(serverNames(), uploads)),
    control('closed', cells(allServerNames(), dropped)),
  ];
}
