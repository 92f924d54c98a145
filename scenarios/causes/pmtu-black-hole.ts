import { blocked, scenario } from '../shared.ts';
import { narrowRules } from './narrow-rules.ts';

const rule = 'No ICMP';

/**
 * isa-y cannot forward packets of 1500 bytes to this server, and says so in an ICMP message. isa-x drops that message.
 * Data that fits into one packet arrives.
 */
export const pmtuBlackHole = scenario('pmtu-black-hole', {
  question: 'If a link on the path has a small MTU and a firewall drops ICMP, how does an upload fail?',
  ruleSet: narrowRules('All TCP; isa-x drops ICMP.', `-p icmp -m comment --comment "${rule}" -j DROP`),
  stages: 'stalled-mid-transfer',
  cells: [
    {
      clients: ['x-workstation'],
      servers: ['y-server-narrow'],
      modes: ['pasv'],
      expect: blocked('stalled-mid-transfer', 'no-large-store', { firewall: 'isa-x', rule }),
    },
  ],
});
