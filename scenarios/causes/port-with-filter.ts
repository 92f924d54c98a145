import { allow, external, internal, outbound, protocol, route, tcp } from '../../lab/policy/dsl.ts';
import { fromY, scenario, uploads } from '../shared.ts';

/** Counterpart of port-without-filter. */
export const portWithFilter = scenario('port-with-filter', {
  question: 'With the FTP access filter bound to port 2121 as well, does an upload to that port work?',
  ruleSet: {
    description: 'FTP outbound on port 2121 with the FTP access filter.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP on port 2121', {
          protocols: [protocol('FTP on port 2121', { primary: [outbound(tcp(2121))], filter: 'ftp' })],
          from: [internal],
          to: [external],
          ftpReadOnly: false,
        }),
      ],
    },
  },
  stages: 'none',
  cells: [fromY('vsftpd-port-2121', uploads)],
});
