import { rulesOf } from '../causes/shared.ts';
import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ipv6ByTheSameRules } from './ipv6-by-the-same-rules.ts';
import { fromYByIPv6 } from './shared.ts';

/** Without EPSV there is no passive mode by IPv6; by IPv4 there is PASV. */
export const ipv6EpsvRefused = scenario('ipv6-epsv-refused', {
  question: 'If a server refuses EPSV, what is left by IPv6?',
  ruleSet: rulesOf(ipv6ByTheSameRules),
  stages: 'command-refused-by-server',
  cells: [
    fromYByIPv6('vsftpd-no-epsv', blocked('command-refused-by-server', 'no-data'), {
      modes: ['epsv'],
      drivers: ['basic-ftp', 'curl'],
    }),
    fromYByIPv6('vsftpd-no-epsv', uploads, { modes: ['eprt'] }),
    fromY('vsftpd-no-epsv', uploads, { modes: ['pasv'] }),
  ],
});
