import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The kernel's FTP helper reads packets, not lines, and drops a packet that holds only a part of a PORT command. */
export const splitPortLine = scenario('split-port-line', {
  question: 'If a PORT command is sent in two packets, does it pass the FTP access filter?',
  ruleSet: ftpFilterRules,
  stages: 'command-refused-by-firewall',
  cells: [
    fromY('vsftpd', blocked('command-refused-by-firewall', 'no-data', { firewall: 'isa-y', rule: 'FTP' }), {
      modes: ['port'],
      drivers: ['split-lines'],
    }),
    fromY('vsftpd', uploads, { modes: ['port'] }),
  ],
});
