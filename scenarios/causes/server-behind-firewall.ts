import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { blocked, fromY, ftpFilterAs } from './shared.ts';

/** The report's symptom without the report's fault: both firewalls let the data connection pass. */
export const serverBehindFirewall: Scenario = {
  name: 'server-behind-firewall',
  question: "Where the server's own firewall drops passive data, who is to blame?",
  ruleSet: ftpFilterAs('server-behind-firewall'),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-own-firewall', blocked('data-dropped', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-own-firewall', uploads, { modes: ['port'] }),
  ],
};
