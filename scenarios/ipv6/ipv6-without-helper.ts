import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { fromYByIPv6, last, port21AndRelated } from './shared.ts';

const [with4, without6] = [port21AndRelated(true), port21AndRelated(false)];

/** The rule that attaches the FTP helper stands in iptables alone. */
export const ipv6WithoutHelper = scenario('ipv6-without-helper', {
  question:
    'If only iptables attaches the FTP helper and ip6tables does not, how does an upload by IPv6 fail?',
  ruleSet: {
    description: 'Port 21 outbound and what is related, by both versions; the FTP helper by IPv4 alone.',
    iptables: { 'isa-x': with4, 'isa-y': with4 },
    iptables6: { 'isa-x': without6, 'isa-y': without6 },
  },
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd', uploads),
    fromYByIPv6('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last })),
  ],
});
