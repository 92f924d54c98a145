import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { allOutboundAs } from './shared.ts';

/** EPSV names no address, so it works. */
export const pasvAddressPrivate: Scenario = {
  name: 'pasv-address-private',
  question: 'If a server behind NAT announces its private address for PASV, what do clients do?',
  ruleSet: allOutboundAs('pasv-address-private'),
  stages: 'pasv-address-rejected-by-client',
  cells: [
    fromY('vsftpd-private-pasv', blocked('pasv-address-rejected-by-client', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-private-pasv', uploads, { modes: ['epsv'] }),
  ],
};
