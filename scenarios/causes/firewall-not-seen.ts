import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/**
 * The reported symptom without the reported fault: both firewalls accept the data connection. What the lab cannot see, it does not
 * name; server-behind-firewall has the same with the rules of the server's own firewall.
 */
export const firewallNotSeen = scenario('firewall-not-seen', {
  question:
    'If a firewall whose rules the lab does not have drops passive data connections, whom does it blame?',
  ruleSet: ftpFilterRules,
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-own-firewall', blocked('data-dropped', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-own-firewall', uploads, { modes: ['port'] }),
  ],
});
