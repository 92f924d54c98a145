import { blocked, fromY, scenario } from '../shared.ts';
import { iptablesRules } from './shared.ts';

const rest = 'Everything else';

const portTwentyOneAndReject = (how: string) =>
  iptablesRules([
    '-m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT',
    '-i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT',
    `-p tcp -m comment --comment "${rest}" -j REJECT --reject-with ${how}`,
  ]);

/** The reported fault on a firewall that rejects: the upload fails at once instead of after a minute. */
export const dataRejected = scenario('data-rejected', {
  question: 'With port 21 allowed and everything else rejected rather than dropped, how does an upload fail?',
  ruleSet: {
    description: 'TCP port 21 outbound; everything else is rejected, by RST on isa-y and by ICMP on isa-x.',
    iptables: {
      'isa-x': portTwentyOneAndReject('icmp-admin-prohibited'),
      'isa-y': portTwentyOneAndReject('tcp-reset'),
    },
  },
  stages: 'data-refused',
  cells: [
    fromY('vsftpd', blocked('data-refused', 'no-data', { firewall: 'isa-y', rule: rest })),
    {
      clients: ['x-workstation'],
      servers: ['vsftpd'],
      modes: ['pasv', 'port'],
      expect: blocked('data-refused', 'no-data', { firewall: 'isa-x', rule: rest }),
    },
  ],
});
