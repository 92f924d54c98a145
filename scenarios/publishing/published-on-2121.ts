import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { controlDropped, fromOutside, scenario, uploads } from '../shared.ts';
import { publishedByY } from './shared.ts';

/** The filter is bound to the protocol, so it follows to the other port. A client's own firewall knows FTP by port 21. */
export const publishedOn2121 = scenario('published-on-2121', {
  question: 'If isa-y publishes y-server on port 2121 with the filter, do uploads from outside work?',
  ruleSet: {
    description: 'Publishes y-server on port 2121 with the FTP access filter, uploads allowed.',
    ...publishedByY(
      publish('FTP to y-server', { server: 'y-server', protocol: ftpServer, port: 2121, ftpReadOnly: false }),
    ),
  },
  cells: [
    fromOutside(uploads),
    { clients: ['x-workstation'], servers: ['y-server'], modes: ['pasv'], expect: controlDropped('isa-x') },
  ],
});
