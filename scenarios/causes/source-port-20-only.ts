import {
  allow,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  ruleSet,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import type { Scenario } from '../../lab/verdict/scenario.ts';
import { uploads } from '../shared.ts';
import { blocked, byDefaultRule, fromY } from './shared.ts';

/** RFC 959 has servers call from port 20, and many do not: vsftpd unless it is told to, servers without root's rights. */
export const sourcePort20Only: Scenario = {
  name: 'source-port-20-only',
  question:
    'With inbound data allowed from source port 20 alone, which servers can be uploaded to in active mode?',
  ruleSet: ruleSet({
    name: 'source-port-20-only',
    description: 'TCP port 21 outbound, and from source port 20 of any server to all high ports inbound.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] }),
        allow('FTP data from port 20', {
          protocols: [protocol('FTP data (active)', { primary: [outbound(tcpRange(1024, 65535))] })],
          from: [external],
          to: [internal],
          sourcePorts: tcp(20),
        }),
      ],
    },
  }),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-any-source-port', blocked('data-dropped', 'no-data', byDefaultRule), { modes: ['port'] }),
    fromY('vsftpd', uploads, { modes: ['port'] }),
  ],
};
