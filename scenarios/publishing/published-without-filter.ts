import { ftpServerControl, publish } from '../../lab/policy/dsl.ts';
import { dataDropped, fromOutside, scenario } from '../shared.ts';
import { fromEverywhere, noWayBack, privateAddress, publishedByY } from './shared.ts';

/** 227 names the private address. EPSV names none: the client calls the firewall itself, where nothing is published. */
export const publishedWithoutFilter = scenario('published-without-filter', {
  question: 'If isa-y publishes only port 21 of y-server, without the filter, do uploads from outside work?',
  ruleSet: {
    description: 'Publishes y-server on port 21, without the FTP access filter.',
    ...publishedByY(publish('FTP to y-server', { server: 'y-server', protocol: ftpServerControl })),
  },
  cells: [
    fromEverywhere(fromOutside(privateAddress, { modes: ['pasv'] })),
    fromEverywhere(fromOutside(dataDropped('isa-y'), { modes: ['epsv'] })),
    fromEverywhere(fromOutside(noWayBack.expect, noWayBack)),
  ],
});
