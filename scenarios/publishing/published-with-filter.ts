import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { fromOutside, scenario, uploads } from '../shared.ts';
import { fromEverywhere, publishedByY } from './shared.ts';

/** The filter writes the outside address into 227 and opens the negotiated port, for clients behind a NAT too. */
export const publishedWithFilter = scenario('published-with-filter', {
  question:
    'If isa-y publishes y-server with the FTP access filter, do uploads from outside work in every mode?',
  ruleSet: {
    description: 'Publishes y-server on port 21 with the FTP access filter, uploads allowed.',
    ...publishedByY(
      publish('FTP to y-server', { server: 'y-server', protocol: ftpServer, ftpReadOnly: false }),
    ),
  },
  cells: [fromEverywhere(fromOutside(uploads))],
});
