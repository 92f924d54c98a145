import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allOutbound } from './shared.ts';

/** tnftp uses the address in the PASV reply. curl and lftp ignore it and use the address of the control connection. */
export const pasvAddressUnroutable = scenario('pasv-address-unroutable', {
  question: 'If PASV names a private or foreign address, which clients try to connect to it?',
  ruleSet: allOutbound,
  stages: 'pasv-address-unroutable',
  cells: [
    fromY('vsftpd-private-pasv', blocked('pasv-address-unroutable', 'no-data'), {
      modes: ['pasv'],
      drivers: ['tnftp'],
    }),
    fromY('vsftpd-foreign-pasv', blocked('pasv-address-unroutable', 'no-data'), {
      modes: ['pasv'],
      drivers: ['tnftp'],
    }),
    fromY('vsftpd-private-pasv', uploads, { modes: ['pasv'], drivers: ['curl'] }),
  ],
});
