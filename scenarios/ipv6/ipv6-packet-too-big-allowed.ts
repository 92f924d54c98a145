import { scenario, uploads } from '../shared.ts';
import { allTcp } from './shared.ts';

/** The counter-proof of ipv6-packet-too-big. */
export const ipv6PacketTooBigAllowed = scenario('ipv6-packet-too-big-allowed', {
  question: 'If the firewalls let ICMPv6 errors pass, does the upload by IPv6 over the narrow link work?',
  ruleSet: {
    description: 'All TCP and ICMPv6 by IPv6.',
    iptables: { 'isa-x': '', 'isa-y': '' },
    iptables6: { 'isa-x': allTcp(), 'isa-y': allTcp() },
  },
  stages: 'none',
  cells: [
    {
      clients: ['x-workstation'],
      servers: ['y-server-narrow-icmp'],
      modes: ['epsv'],
      ipv6: true,
      expect: uploads,
    },
  ],
});
