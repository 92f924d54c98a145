import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allOutbound } from './shared.ts';

/** As after a server move: PASV names another machine, which exists but knows nothing of the session. */
export const pasvAddressForeign = scenario('pasv-address-foreign', {
  question: "If a server announces another machine's address for PASV, what does a client do?",
  ruleSet: allOutbound,
  stages: 'pasv-address-rejected-by-client',
  cells: [
    fromY('vsftpd-foreign-pasv', blocked('pasv-address-rejected-by-client', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-foreign-pasv', uploads, { modes: ['epsv'] }),
  ],
});
