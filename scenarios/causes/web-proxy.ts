import type { Scenario } from '../../lab/verdict/scenario.ts';
import { blocked, fromY } from './shared.ts';

const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT
-A INPUT -i inside -p tcp --dport 8080 -m comment --comment "Web proxy" -j ACCEPT
-A FORWARD -m comment --comment "Only through the proxy" -j DROP
COMMIT
`;

/** A browser that shows the server's files, and cannot put one there: a matter of the client's type, not of a rule. */
export const webProxy: Scenario = {
  name: 'web-proxy',
  question: "Through the firewall's web proxy, which lists and retrieves, can a client upload?",
  ruleSet: {
    name: 'web-proxy',
    description: "Nothing but the firewall's own web proxy, which gets files by FTP for who asks in HTTP.",
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'command-refused-by-firewall',
  cells: [
    fromY('vsftpd', blocked('command-refused-by-firewall', 'no-store'), {
      modes: ['epsv'],
      drivers: ['web-proxy'],
    }),
    fromY(
      'vsftpd',
      blocked('control-dropped', 'no-connection', { firewall: 'isa-y', rule: 'Only through the proxy' }),
      {
        modes: ['epsv'],
      },
    ),
  ],
};
