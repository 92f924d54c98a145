import { publish } from '../../lab/policy/dsl.ts';
import { fromOutside, passiveModes, scenario, uploads } from '../shared.ts';
import { ftpWithRange, noWayBack, publishedByY } from './shared.ts';

const options = { servers: ['y-server-tls'], tls: true } as const;

/** No filter can read what is encrypted, so the passive range must be published. */
export const publishedFtps = scenario('published-ftps', {
  question: 'If isa-y publishes an FTPS server with its passive range, without the filter, do uploads work?',
  ruleSet: {
    description: 'Publishes y-server-tls on port 21 and on its passive range, without the filter.',
    ...publishedByY(publish('FTPS to y-server-tls', { server: 'y-server-tls', protocol: ftpWithRange })),
  },
  cells: [
    fromOutside(uploads, { ...options, modes: passiveModes }),
    fromOutside(noWayBack.expect, { ...options, ...noWayBack }),
  ],
});
