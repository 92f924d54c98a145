import { ftpServer, publish } from '../../lab/policy/dsl.ts';
import { fromOutside, readOnly, scenario } from '../shared.ts';
import { fromEverywhere, publishedByY } from './shared.ts';

/** Read Only is on for a new publishing rule too. */
export const publishedReadOnly = scenario('published-read-only', {
  question: 'If isa-y publishes y-server by a new rule as ISA makes it, do uploads from outside work?',
  ruleSet: {
    description: 'Publishes y-server on port 21 with the FTP access filter and its Read Only box.',
    ...publishedByY(publish('FTP to y-server', { server: 'y-server', protocol: ftpServer })),
  },
  cells: [fromEverywhere(fromOutside(readOnly('isa-y', 'FTP to y-server')))],
});
