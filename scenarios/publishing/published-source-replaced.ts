import { publish } from '../../lab/policy/dsl.ts';
import { activeModes, fromOutside, passiveModes, portRefused, scenario, uploads } from '../shared.ts';
import { ftpWithRange, publishedByY } from './shared.ts';

const servers = ['y-server-outside'] as const;

/** The server sees isa-y in place of its clients, and refuses a PORT that names another address (RFC 2577 section 3). */
export const publishedSourceReplaced = scenario('published-source-replaced', {
  question: 'If requests appear to come from isa-y, without the filter, which modes upload?',
  ruleSet: {
    description:
      'Publishes y-server-outside on port 21 and on its passive range, without the filter; requests appear to come from isa-y.',
    ...publishedByY(
      publish('FTP to y-server-outside', {
        server: 'y-server-outside',
        protocol: ftpWithRange,
        keepClientAddress: false,
      }),
    ),
  },
  cells: [
    fromOutside(uploads, { servers, modes: passiveModes }),
    fromOutside(portRefused, { servers, modes: activeModes }),
  ],
});
