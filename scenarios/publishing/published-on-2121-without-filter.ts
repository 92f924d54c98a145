import { ftpServerControl, publish } from '../../lab/policy/dsl.ts';
import { dataDropped, fromOutside, scenario } from '../shared.ts';
import { noWayBack, privateAddress, publishedByY } from './shared.ts';

export const publishedOn2121WithoutFilter = scenario('published-on-2121-without-filter', {
  question: 'If isa-y publishes y-server on port 2121 with the filter unbound, do uploads from outside work?',
  ruleSet: {
    description: 'Publishes y-server on port 2121, without the FTP access filter.',
    ...publishedByY(
      publish('FTP to y-server', { server: 'y-server', protocol: ftpServerControl, port: 2121 }),
    ),
  },
  cells: [
    fromOutside(privateAddress, { modes: ['pasv'] }),
    fromOutside(dataDropped('isa-y'), { modes: ['epsv'] }),
    fromOutside(noWayBack.expect, noWayBack),
  ],
});
