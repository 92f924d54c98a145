import { rulesOf } from '../causes/shared.ts';
import { blocked, scenario, uploads } from '../shared.ts';
import { ipv6ByTheSameRules } from './ipv6-by-the-same-rules.ts';
import { fromYByIPv6 } from './shared.ts';

/** The kernel's helper looks for an IPv4 address behind 227, finds none, and drops the reply as an incomplete one (nf_conntrack_ftp.c). */
export const ipv6227ForEpsv = scenario('ipv6-227-for-epsv', {
  question:
    'If a server answers EPSV with 227 instead of 229, does an upload by IPv6 get through the FTP access filter?',
  ruleSet: rulesOf(ipv6ByTheSameRules),
  stages: 'command-refused-by-firewall',
  cells: [
    fromYByIPv6(
      'vsftpd-227-for-epsv',
      blocked('command-refused-by-firewall', 'no-data', { firewall: 'isa-y', rule: 'FTP' }),
      { modes: ['epsv'] },
    ),
    fromYByIPv6('vsftpd-227-for-epsv', uploads, { modes: ['eprt'] }),
  ],
});
