import { blocked, fromY, scenario } from '../shared.ts';
import { iptablesRules } from './shared.ts';

const reset = 'Nobody may FTP';
const message = 'No FTP from X';

/** ISA drops silently; other firewalls reject, with a reset as on isa-y or an ICMP message as on isa-x. */
export const controlRejected = scenario('control-rejected', {
  question: 'With port 21 rejected rather than dropped, what does a client see?',
  ruleSet: {
    description: 'TCP port 21 outbound is rejected, by RST on isa-y and by ICMP on isa-x.',
    iptables: {
      'isa-x': iptablesRules([
        `-i inside -o outside -p tcp --dport 21 -m comment --comment "${message}" -j REJECT --reject-with icmp-admin-prohibited`,
      ]),
      'isa-y': iptablesRules([
        `-i inside -o outside -p tcp --dport 21 -m comment --comment "${reset}" -j REJECT --reject-with tcp-reset`,
      ]),
    },
  },
  stages: 'control-refused',
  cells: [
    fromY('vsftpd', blocked('control-refused', 'no-connection', { firewall: 'isa-y', rule: reset }), {
      modes: ['pasv'],
    }),
    {
      clients: ['x-workstation'],
      servers: ['vsftpd'],
      modes: ['pasv'],
      expect: blocked('control-refused', 'no-connection', { firewall: 'isa-x', rule: message }),
    },
  ],
});
