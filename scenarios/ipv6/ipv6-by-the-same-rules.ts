import { route } from '../../lab/policy/dsl.ts';
import { blocked, scenario, uploads } from '../shared.ts';
import { fromYByIPv6, withFilter } from './shared.ts';

/** The cure, on a firewall that knows IPv6. PASV and PORT are about IPv4 addresses (RFC 2428 section 1): each server refuses them in its own way. */
export const ipv6ByTheSameRules = scenario('ipv6-by-the-same-rules', {
  question: 'If the rules with the FTP access filter are for IPv6 too, which transfer modes upload by IPv6?',
  ruleSet: {
    description: 'FTP outbound with the FTP access filter, uploads allowed, by IPv4 and by IPv6.',
    both: { networkRule: route(), accessRules: [withFilter] },
    ipv6: true,
  },
  stages: 'none',
  cells: [
    ...(['vsftpd', 'proftpd', 'pure-ftpd'] as const).map((server) => fromYByIPv6(server, uploads)),
    // It answers 227 with the address 0,0,0,0.
    fromYByIPv6('vsftpd', blocked('pasv-address-rejected-by-client', 'no-data'), { modes: ['pasv'] }),
    // It answers 227 with less than an address, and the helper drops a line that it cannot read whole.
    fromYByIPv6(
      'proftpd',
      blocked('command-refused-by-firewall', 'no-data', { firewall: 'isa-y', rule: 'FTP' }),
      {
        modes: ['pasv'],
      },
    ),
    fromYByIPv6('pure-ftpd', blocked('command-refused-by-server', 'no-data'), { modes: ['pasv'] }),
    fromYByIPv6('vsftpd', blocked('port-command-refused', 'no-data'), { modes: ['port'] }),
    fromYByIPv6('vsftpd', uploads, { drivers: ['curl', 'lftp', 'tnftp', 'ftplib'] }),
  ],
});
