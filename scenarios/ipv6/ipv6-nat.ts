import { nat } from '../../lab/policy/dsl.ts';
import { scenario, uploads } from '../shared.ts';
import { fromYByIPv6, withFilter } from './shared.ts';

/** NAT66: the kernel's helper rewrites the address in EPRT (nf_nat_ftp). */
export const ipv6Nat = scenario('ipv6-nat', {
  question:
    'If the firewall hides its clients behind one IPv6 address, does the FTP access filter make uploads work?',
  ruleSet: {
    description: 'FTP outbound under NAT with the FTP access filter, uploads allowed, by IPv4 and by IPv6.',
    both: { networkRule: nat(), accessRules: [withFilter] },
    ipv6: true,
  },
  stages: 'none',
  cells: [fromYByIPv6('vsftpd', uploads)],
});
