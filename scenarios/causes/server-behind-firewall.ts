import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The reported symptom without the reported fault: both firewalls accept the data connection. */
export const serverBehindFirewall = scenario('server-behind-firewall', {
  question: "If the server's own firewall drops passive data connections, what does the lab blame?",
  ruleSet: ftpFilterRules,
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-own-firewall', blocked('data-dropped', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-own-firewall', uploads, { modes: ['port'] }),
  ],
});
