import { allow, external, internal, nat } from '../../lab/policy/dsl.ts';
import { blocked, scenario, uploads } from '../shared.ts';
import { fromYByIPv6 } from './shared.ts';

/** EPSV names no address and passes; EPRT names the client's own, which is not the one that the server sees. */
export const ipv6NatWithoutFilter = scenario('ipv6-nat-without-filter', {
  question:
    'If clients are hidden behind one IPv6 address and nothing reads the control connection, which modes upload?',
  ruleSet: {
    description: 'All outbound traffic under NAT, without the FTP access filter, by IPv4 and by IPv6.',
    both: {
      networkRule: nat(),
      accessRules: [allow('All outbound', { protocols: 'all', from: [internal], to: [external] })],
    },
    ipv6: true,
  },
  stages: 'port-command-refused',
  cells: [
    fromYByIPv6('vsftpd', uploads, { modes: ['epsv'] }),
    fromYByIPv6('vsftpd', blocked('port-command-refused', 'no-data'), { modes: ['eprt'] }),
  ],
});
