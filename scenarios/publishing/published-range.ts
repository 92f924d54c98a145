import { publish } from '../../lab/policy/dsl.ts';
import { fromOutside, scenario, uploads } from '../shared.ts';
import { ftpWithRange, noWayBack, privateAddress, publishedByY } from './shared.ts';

const servers = ['y-server-pinned'] as const;

/** Half of the cure: the ports are open, but the server does not know the address that its clients call. */
export const publishedRange = scenario('published-range', {
  question: "If isa-y publishes port 21 and the server's pinned passive range, do uploads from outside work?",
  ruleSet: {
    description: 'Publishes y-server-pinned on port 21 and on its passive range, without the filter.',
    ...publishedByY(publish('FTP to y-server-pinned', { server: 'y-server-pinned', protocol: ftpWithRange })),
  },
  cells: [
    fromOutside(privateAddress, { servers, modes: ['pasv'] }),
    fromOutside(uploads, { servers, modes: ['epsv'] }),
    fromOutside(noWayBack.expect, { servers, ...noWayBack }),
  ],
});
