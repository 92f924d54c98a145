import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { dataDropped, fromOutside, scenario, uploads } from '../shared.ts';
import { publishedByY } from './shared.ts';

const servers = ['y-server-outside'] as const;

/**
 * Two cures in each other's way: the server announces the outside address for PASV, and Linux's FTP helper then expects no
 * connection, as the address is not the one that the reply comes from. How ISA's own filter takes such a reply is not known.
 */
export const publishedWithFilterOutsideAddress = scenario('published-with-filter-outside-address', {
  question: 'If isa-y has the filter and the server announces the outside address too, do uploads work?',
  ruleSet: {
    description: 'Publishes y-server-outside on port 21 with the FTP access filter, uploads allowed.',
    ...publishedByY(
      publish('FTP to y-server-outside', {
        server: 'y-server-outside',
        protocol: ftpServer,
        ftpReadOnly: false,
      }),
    ),
  },
  cells: [
    fromOutside(dataDropped('isa-y'), { servers, modes: ['pasv'] }),
    fromOutside(uploads, { servers, modes: ['epsv', 'port', 'eprt'] }),
  ],
});
