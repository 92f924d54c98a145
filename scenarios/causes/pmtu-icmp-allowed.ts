import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { narrowRules } from './narrow-rules.ts';

/** Counter-proof to pmtu-black-hole. A server of its own, as the client remembers what it was told (ip-sysctl, mtu_expires). */
export const pmtuIcmpAllowed: Scenario = {
  name: 'pmtu-icmp-allowed',
  question: 'Where a link on the way has a small MTU and ICMP errors pass, does the upload work?',
  ruleSet: narrowRules(
    'pmtu-icmp-allowed',
    'All TCP; isa-x lets ICMP errors of known connections pass.',
    '-p icmp -m conntrack --ctstate RELATED -m comment --comment "ICMP errors" -j ACCEPT',
  ),
  stages: 'none',
  cells: [
    { clients: ['x-workstation'], servers: ['y-server-narrow-icmp'], modes: ['pasv'], expect: uploads },
  ],
};
