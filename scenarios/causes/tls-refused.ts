import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** ISA's filter does not understand FTPS and refuses AUTH TLS. */
export const tlsRefused: Scenario = {
  name: 'tls-refused',
  question: 'With the FTP access filter, does FTP over TLS work?',
  ruleSet: ftpFilterAs('tls-refused'),
  stages: 'tls-refused-by-firewall',
  cells: [
    fromY('vsftpd-tls', blocked('tls-refused-by-firewall', 'no-login', { firewall: 'isa-y', rule: 'FTP' }), {
      modes: ['pasv'],
      tls: true,
    }),
    fromY('vsftpd-tls', uploads, { modes: ['pasv'] }),
  ],
};
