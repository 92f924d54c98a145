import { blocked, fromY, scenario } from '../shared.ts';
import { iptablesRules } from './shared.ts';

const last = 'All else';

const rules = iptablesRules([
  '-m conntrack --ctstate ESTABLISHED,RELATED -m comment --comment "Known and related connections" -j ACCEPT',
  '-i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT',
  `-m comment --comment "${last}" -j DROP`,
]);

/**
 * The reported fault on today's Linux. Before Linux 6.0 the kernel could attach the FTP helper by itself, and this rule
 * set, found in many how-tos, worked. Now a connection is RELATED only if a rule attaches the helper.
 */
export const relatedWithoutHelper = scenario('related-without-helper', {
  question: 'With RELATED connections allowed but no rule that attaches the FTP helper, does an upload work?',
  ruleSet: {
    description: 'TCP port 21 outbound and RELATED connections, without a CT rule for the FTP helper.',
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'data-dropped',
  cells: [fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last }))],
});
