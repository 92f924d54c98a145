import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { allOutboundAs, blocked, fromY } from './shared.ts';

/** tnftp believes what PASV says. curl and lftp do not: they call the address that they are connected to. */
export const pasvAddressUnroutable: Scenario = {
  name: 'pasv-address-unroutable',
  question: 'Where PASV names a private or a foreign address, which clients go there in vain?',
  ruleSet: allOutboundAs('pasv-address-unroutable'),
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
};
