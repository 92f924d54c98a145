import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { blocked, fromOutside, scenario, uploads } from '../shared.ts';
import { publishedByY } from './shared.ts';

const options = { servers: ['y-server-tls'], modes: ['epsv'] } as const;
const rule = 'FTP to y-server-tls';

export const publishedFtpsWithFilter = scenario('published-ftps-with-filter', {
  question: 'If isa-y publishes an FTPS server with the FTP access filter, does FTP over TLS work?',
  ruleSet: {
    description: 'Publishes y-server-tls on port 21 with the FTP access filter, uploads allowed.',
    ...publishedByY(publish(rule, { server: 'y-server-tls', protocol: ftpServer, ftpReadOnly: false })),
  },
  cells: [
    fromOutside(blocked('tls-refused-by-firewall', 'no-login', { firewall: 'isa-y', rule }), {
      ...options,
      tls: true,
    }),
    fromOutside(uploads, options),
  ],
});
