import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** ISA's filter does not understand FTPS and refuses AUTH TLS. */
export const tlsRefused = scenario('tls-refused', {
  question: 'With the FTP access filter, does FTP over TLS work?',
  ruleSet: ftpFilterRules,
  stages: 'tls-refused-by-firewall',
  cells: [
    fromY('vsftpd-tls', blocked('tls-refused-by-firewall', 'no-login', { firewall: 'isa-y', rule: 'FTP' }), {
      modes: ['pasv'],
      tls: true,
    }),
    fromY('vsftpd-tls', uploads, { modes: ['pasv'] }),
  ],
});
