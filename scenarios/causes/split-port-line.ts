import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** The kernel's FTP helper reads packets, not lines, and drops a packet that holds only a part of a PORT command. */
export const splitPortLine: Scenario = {
  name: 'split-port-line',
  question: 'If a PORT command is sent in two packets, does it pass the FTP access filter?',
  ruleSet: ftpFilterAs('split-port-line'),
  stages: 'command-refused-by-firewall',
  cells: [
    fromY('vsftpd', blocked('command-refused-by-firewall', 'no-data', { firewall: 'isa-y', rule: 'FTP' }), {
      modes: ['port'],
      drivers: ['split-lines'],
    }),
    fromY('vsftpd', uploads, { modes: ['port'] }),
  ],
};
