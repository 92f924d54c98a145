import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { iptablesRules } from './shared.ts';

const last = 'All else';

const rules = iptablesRules(
  [
    '-m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT',
    '-p tcp -m conntrack --ctstate RELATED -m helper --helper ftp -m comment --comment "FTP data" -j ACCEPT',
    '-i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT',
    `-m comment --comment "${last}" -j DROP`,
  ],
  ['-p tcp --dport 21 -m comment --comment "FTP helper" -j CT --helper ftp'],
);

/** Linux' FTP helper lets AUTH TLS pass, and then cannot read the port that PASV names. */
export const tlsBlindsHelper = scenario('tls-blinds-helper', {
  question: 'If the FTP helper opens the data port, does an upload over TLS work?',
  ruleSet: {
    description: 'TCP port 21 outbound with the FTP helper, as on Linux.',
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-tls', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last }), { tls: true }),
    fromY('vsftpd-tls', uploads),
  ],
});
