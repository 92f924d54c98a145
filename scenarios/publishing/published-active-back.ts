import {
  allow,
  computer,
  external,
  ftpServerControl,
  outbound,
  protocol,
  publish,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import { activeModes, dataDropped, fromOutside, scenario, uploads } from '../shared.ts';
import { privateAddress, publishedByY } from './shared.ts';

/** Active mode needs no filter, if the server may call its clients. */
export const publishedActiveBack = scenario('published-active-back', {
  question:
    'If y-server may also open connections from port 20 to its clients, do uploads in active mode work?',
  ruleSet: {
    description:
      'Publishes y-server on port 21, without the filter, and may open connections from port 20 to all high ports outside.',
    ...publishedByY(
      publish('FTP to y-server', { server: 'y-server', protocol: ftpServerControl }),
      allow('FTP data from y-server', {
        protocols: [protocol('FTP data (active)', { primary: [outbound(tcpRange(1024, 65535))] })],
        from: [computer('y-server')],
        to: [external],
        sourcePorts: tcp(20),
      }),
    ),
  },
  cells: [
    fromOutside(uploads, { modes: activeModes }),
    fromOutside(privateAddress, { modes: ['pasv'] }),
    fromOutside(dataDropped('isa-y'), { modes: ['epsv'] }),
  ],
});
