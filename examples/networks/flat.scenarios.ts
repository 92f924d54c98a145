import { languageOf } from 'isa-ftp-lab';
import network from './flat.network.ts';

const { ruleSet, scenario } = languageOf(network);

const uploads = { uploaded: true, cause: 'none' } as const;
const droppedAt = (firewall: keyof typeof network.hosts) =>
  ({ uploaded: false, cause: 'data-dropped', firewall, rule: 'All else' }) as const;

/** What a host's own firewall lets in, besides what the host has opened itself. */
const letsIn = (...ports: readonly string[]) => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${ports.map((port) => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT\n`).join('')}-A INPUT -m comment --comment "All else" -j DROP
COMMIT
`;

export default [
  scenario({
    name: 'flat-server-port-21',
    question: "If the server's own firewall lets in port 21 alone, which uploads fail?",
    ruleSet: ruleSet({
      name: 'flat-server-port-21',
      description: 'nas lets in port 21; desk and scanner let in nothing and everything.',
      firewalls: {},
      hosts: { nas: letsIn('21'), desk: letsIn() },
    }),
    cells: [
      { clients: ['desk', 'scanner'], servers: ['nas'], modes: ['pasv', 'epsv'], expect: droppedAt('nas') },
      // Active mode: nas may call out. The scanner has no firewall; the one of the desk takes no call.
      { clients: ['scanner'], servers: ['nas'], modes: ['port', 'eprt'], expect: uploads },
      { clients: ['desk'], servers: ['nas'], modes: ['port', 'eprt'], expect: droppedAt('desk') },
    ],
  }),
  scenario({
    name: 'flat-server-range',
    question: "If it also lets in the server's passive range, what still fails?",
    ruleSet: ruleSet({
      name: 'flat-server-range',
      description: 'nas lets in port 21 and its passive range; desk lets in nothing.',
      firewalls: {},
      hosts: { nas: letsIn('21', '32768:60999'), desk: letsIn() },
    }),
    cells: [
      { clients: ['desk', 'scanner'], servers: ['nas'], modes: ['pasv', 'epsv'], expect: uploads },
      { clients: ['scanner'], servers: ['nas'], modes: ['port', 'eprt'], expect: uploads },
      { clients: ['desk'], servers: ['nas'], modes: ['port', 'eprt'], expect: droppedAt('desk') },
    ],
  }),
];
