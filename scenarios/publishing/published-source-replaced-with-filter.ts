import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { fromOutside, scenario, uploads } from '../shared.ts';
import { fromEverywhere, publishedByY } from './shared.ts';

/** The filter writes isa-y's inside address into PORT, and turns the server's data connection to the client. */
export const publishedSourceReplacedWithFilter = scenario('published-source-replaced-with-filter', {
  question: 'If requests appear to come from isa-y, with the filter, do uploads work in every mode?',
  ruleSet: {
    description:
      'Publishes y-server on port 21 with the FTP access filter, uploads allowed; requests appear to come from isa-y.',
    ...publishedByY(
      publish('FTP to y-server', {
        server: 'y-server',
        protocol: ftpServer,
        keepClientAddress: false,
        ftpReadOnly: false,
      }),
    ),
  },
  cells: [fromEverywhere(fromOutside(uploads))],
});
