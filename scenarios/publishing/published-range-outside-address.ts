import { publish } from '../../lab/policy/dsl.ts';
import { fromOutside, passiveModes, scenario, uploads } from '../shared.ts';
import { ftpWithRange, noWayBack, publishedByY } from './shared.ts';

const servers = ['y-server-outside'] as const;

/** The cure without the filter: range published, pinned, and the outside address announced. */
export const publishedRangeOutsideAddress = scenario('published-range-outside-address', {
  question: 'If the server also announces the outside address, do uploads from outside work?',
  ruleSet: {
    description: 'Publishes y-server-outside on port 21 and on its passive range, without the filter.',
    ...publishedByY(
      publish('FTP to y-server-outside', { server: 'y-server-outside', protocol: ftpWithRange }),
    ),
  },
  cells: [
    fromOutside(uploads, { servers, modes: passiveModes }),
    fromOutside(noWayBack.expect, { servers, ...noWayBack }),
  ],
});
