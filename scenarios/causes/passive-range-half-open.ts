import {
  allow,
  computer,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import { byDefaultRule, fromY, scenario } from '../shared.ts';

/**
 * Looks random: 71 of the server's 101 ports are open, and an upload of two files needs two of them. The chance that
 * twelve attempts all succeed is 1 in 5000.
 */
export const passiveRangeHalfOpen = scenario('passive-range-half-open', {
  question: "With only a part of the server's passive range open, why do some uploads work and others not?",
  ruleSet: {
    description:
      'TCP port 21 outbound, and 50000-50070 of 50000-50100 to pure-ftpd, without the FTP access filter.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] }),
        allow('FTP data to pure-ftpd', {
          protocols: [protocol('Part of the passive range', { primary: [outbound(tcpRange(50000, 50070))] })],
          from: [internal],
          to: [computer('pure-ftpd')],
        }),
      ],
    },
  },
  stages: 'data-dropped',
  cells: [
    fromY(
      'pure-ftpd',
      { uploaded: false, cause: 'data-dropped', ...byDefaultRule },
      { modes: ['pasv'], repeat: 12 },
    ),
  ],
});
