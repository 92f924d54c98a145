import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** The reported symptom without the reported fault: both firewalls accept the data connection. */
export const serverBehindFirewall: Scenario = {
  name: 'server-behind-firewall',
  question: "If the server's own firewall drops passive data connections, what does the lab blame?",
  ruleSet: ftpFilterAs('server-behind-firewall'),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-own-firewall', blocked('data-dropped', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-own-firewall', uploads, { modes: ['port'] }),
  ],
};
