import { scenario, uploads } from '../shared.ts';
import { narrowRules } from './narrow-rules.ts';

/**
 * Counterpart of pmtu-black-hole. It uses a server of its own, because a client remembers a path MTU (ip-sysctl,
 * mtu_expires).
 */
export const pmtuIcmpAllowed = scenario('pmtu-icmp-allowed', {
  question: 'If a link on the path has a small MTU and ICMP errors pass, does the upload work?',
  ruleSet: narrowRules(
    'All TCP; isa-x lets ICMP errors of known connections pass.',
    '-p icmp -m conntrack --ctstate RELATED -m comment --comment "ICMP errors" -j ACCEPT',
  ),
  stages: 'none',
  cells: [
    { clients: ['x-workstation'], servers: ['y-server-narrow-icmp'], modes: ['pasv'], expect: uploads },
  ],
});
