import { scenario, uploads } from '../shared.ts';
import { fromYByIPv6, port21AndRelated } from './shared.ts';

const rules = port21AndRelated(true);

/** The counter-proof of ipv6-without-helper: the kernel's helper reads EPSV and EPRT |2| (nf_conntrack_ftp). */
export const ipv6WithHelper = scenario('ipv6-with-helper', {
  question: 'With the FTP helper attached by ip6tables too, do EPSV and EPRT upload by IPv6?',
  ruleSet: {
    description: 'Port 21 outbound, what is related, and the FTP helper, by both versions.',
    iptables: { 'isa-x': rules, 'isa-y': rules },
    iptables6: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'none',
  cells: [fromYByIPv6('vsftpd', uploads)],
});
