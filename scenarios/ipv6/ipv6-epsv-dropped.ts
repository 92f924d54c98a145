import { iptablesRules } from '../causes/shared.ts';
import { blocked, scenario, uploads } from '../shared.ts';
import { fromYByIPv6 } from './shared.ts';

const rule = 'No EPSV';

const rules = iptablesRules(
  [
    `-p tcp --dport 21 -m string --string EPSV --algo bm -m comment --comment "${rule}" -j DROP`,
    '-p tcp -m comment --comment "All TCP" -j ACCEPT',
  ],
  [],
  'ACCEPT',
);

/** A firewall that inspects FTP and knows RFC 959 alone takes EPSV for an attack. */
export const ipv6EpsvDropped = scenario('ipv6-epsv-dropped', {
  question: 'If a firewall on the way drops the command EPSV, how does an upload by IPv6 fail?',
  ruleSet: {
    description: 'All TCP by IPv6, but the command EPSV.',
    iptables: { 'isa-x': '', 'isa-y': '' },
    iptables6: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'command-refused-by-firewall',
  cells: [
    fromYByIPv6('vsftpd', blocked('command-refused-by-firewall', 'no-data', { firewall: 'isa-y', rule }), {
      modes: ['epsv'],
    }),
    fromYByIPv6('vsftpd', uploads, { modes: ['eprt'] }),
  ],
});
