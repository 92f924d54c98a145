import { blocked, scenario } from '../shared.ts';
import { allTcp } from './shared.ts';

const rule = 'No ICMPv6';

/**
 * Routers do not fragment IPv6 (RFC 8200 section 5): isa-y says "packet too big" to whoever sends more than the link to this server takes,
 * and isa-x drops that.
 */
export const ipv6PacketTooBig = scenario('ipv6-packet-too-big', {
  question:
    'If a link on the path has a small MTU and a firewall drops ICMPv6, how does an upload by IPv6 fail?',
  ruleSet: {
    description: 'All TCP by IPv6; isa-x drops ICMPv6.',
    iptables: { 'isa-x': '', 'isa-y': '' },
    iptables6: {
      'isa-x': allTcp(`-p ipv6-icmp -m comment --comment "${rule}" -j DROP`),
      'isa-y': allTcp(),
    },
  },
  stages: 'stalled-mid-transfer',
  cells: [
    {
      clients: ['x-workstation'],
      servers: ['y-server-narrow'],
      modes: ['epsv'],
      ipv6: true,
      expect: blocked('stalled-mid-transfer', 'no-large-store', { firewall: 'isa-x', rule }),
    },
  ],
});
