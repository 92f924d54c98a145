import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { fromYByIPv6, last, port21AndRelated } from './shared.ts';

const rules = port21AndRelated(false);

/** Nobody loaded ip6tables, whose chains accept everything (ip6tables(8)): by IPv6 the firewall is none. */
export const ip6tablesForgotten = scenario('ip6tables-forgotten', {
  question:
    'If only iptables was loaded and ip6tables was not, does an upload by IPv6 work where one by IPv4 fails?',
  ruleSet: {
    description: 'Port 21 outbound by iptables, and no rules in ip6tables.',
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'none',
  cells: [
    fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last })),
    fromYByIPv6('vsftpd', uploads),
  ],
});
