import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, iptablesRules } from './shared.ts';

const last = 'All else';

const rules = iptablesRules([
  '-m conntrack --ctstate ESTABLISHED,RELATED -m comment --comment "Known and related connections" -j ACCEPT',
  '-i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT',
  `-m comment --comment "${last}" -j DROP`,
]);

/**
 * The report's fault on the Linux of today. Until Linux 6.0 the kernel could attach the FTP helper by itself, and this
 * rule set, found in many a how-to, worked; now nothing is related unless a rule attaches it.
 */
export const relatedWithoutHelper: Scenario = {
  name: 'related-without-helper',
  question: 'With RELATED connections allowed and no rule that attaches the FTP helper, does an upload work?',
  ruleSet: {
    name: 'related-without-helper',
    description: 'TCP port 21 outbound and RELATED connections, without a CT rule for the FTP helper.',
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'data-dropped',
  cells: [fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last }))],
};
