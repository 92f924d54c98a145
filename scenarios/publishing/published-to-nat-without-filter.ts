import { allow, external, ftpServer, internal, nat, publish } from '../../lab/policy/dsl.ts';
import { activeModes, passiveModes, portRefused, scenario, uploads } from '../shared.ts';

const ends = { clients: ['x-workstation'], servers: ['y-server'] } as const;

/** The filter at the server's end does not mend what the client's NAT leaves as it is: PORT names a private address. */
export const publishedToNatWithoutFilter = scenario('published-to-nat-without-filter', {
  question:
    'If clients sit behind a NAT of their own without a filter, which modes reach a published server?',
  ruleSet: {
    description:
      'Publishes y-server on port 21 with the filter; isa-x lets its clients out by NAT, without the filter.',
    firewalls: {
      'isa-x': {
        networkRule: nat(),
        accessRules: [allow('All outbound', { protocols: 'all', from: [internal], to: [external] })],
      },
      'isa-y': {
        networkRule: nat(),
        accessRules: [
          publish('FTP to y-server', { server: 'y-server', protocol: ftpServer, ftpReadOnly: false }),
        ],
      },
    },
  },
  cells: [
    { ...ends, modes: passiveModes, expect: uploads },
    { ...ends, modes: activeModes, expect: portRefused },
  ],
});
