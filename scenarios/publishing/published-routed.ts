import { ftpServer, publish, route } from '../../lab/policy/dsl.ts';
import { fromOutside, scenario, uploads } from '../shared.ts';
import { fromEverywhere, natWithFilter } from './shared.ts';

/** Under a route relation clients call the server's own address. */
export const publishedRouted = scenario('published-routed', {
  question:
    'If isa-y routes and publishes y-server with the filter, do uploads from outside work in every mode?',
  ruleSet: {
    description: 'Publishes y-server on port 21 under a route relation, with the filter, uploads allowed.',
    firewalls: {
      'isa-x': natWithFilter,
      'isa-y': {
        networkRule: route(),
        accessRules: [
          publish('FTP to y-server', { server: 'y-server', protocol: ftpServer, ftpReadOnly: false }),
        ],
      },
    },
  },
  cells: [fromEverywhere(fromOutside(uploads))],
});
