import { allow, external, ftp, internal, outbound, protocol, route, tcp } from '../../lab/policy/dsl.ts';
import { blocked, byDefaultRule, fromY, scenario, uploads } from '../shared.ts';

/** The filter reads only the ports of the protocols that it is bound to. */
export const portWithoutFilter = scenario('port-without-filter', {
  question: 'If FTP runs on a port that the FTP access filter is not bound to, how does an upload fail?',
  ruleSet: {
    description: 'FTP outbound with the FTP access filter on port 21, and without it on port 2121.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false }),
        allow('FTP on port 2121', {
          protocols: [protocol('FTP on port 2121', { primary: [outbound(tcp(2121))] })],
          from: [internal],
          to: [external],
        }),
      ],
    },
  },
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-port-2121', blocked('data-dropped', 'no-data', byDefaultRule)),
    fromY('vsftpd', uploads),
  ],
});
