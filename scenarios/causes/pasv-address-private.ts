import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allOutbound } from './shared.ts';

/** EPSV names no address, so it works. */
export const pasvAddressPrivate = scenario('pasv-address-private', {
  question: 'If a server behind NAT announces its private address for PASV, what do clients do?',
  ruleSet: allOutbound,
  stages: 'pasv-address-rejected-by-client',
  cells: [
    fromY('vsftpd-private-pasv', blocked('pasv-address-rejected-by-client', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-private-pasv', uploads, { modes: ['epsv'] }),
  ],
});
