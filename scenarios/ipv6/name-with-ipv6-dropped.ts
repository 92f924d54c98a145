import { ftpFilterRules } from '../causes/shared.ts';
import { fromY, scenario, uploads } from '../shared.ts';

/** Where not even the control connection passes by IPv6, a program tries the name's next address, and waits for that. */
export const nameWithIPv6Dropped = scenario('name-with-ipv6-dropped', {
  question:
    "If the server's name has an IPv6 address too, and the firewall drops all IPv6, does the upload work?",
  ruleSet: ftpFilterRules,
  stages: 'none',
  cells: [
    fromY('vsftpd', uploads, {
      modes: ['epsv'],
      drivers: ['basic-ftp', 'curl', 'lftp', 'tnftp'],
      named: true,
    }),
  ],
});
