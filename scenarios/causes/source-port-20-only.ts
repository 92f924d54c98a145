import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { sourcePort20Inbound } from '../source-port-20-inbound.ts';
import { blocked, byDefaultRule, fromY, rulesOf } from './shared.ts';

/** RFC 959 has servers call from port 20, and many do not: vsftpd unless it is told to, servers without root's rights. */
export const sourcePort20Only: Scenario = {
  name: 'source-port-20-only',
  question:
    'With inbound data allowed from source port 20 alone, which servers can be uploaded to in active mode?',
  ruleSet: rulesOf(sourcePort20Inbound, 'source-port-20-only'),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-any-source-port', blocked('data-dropped', 'no-data', byDefaultRule), { modes: ['port'] }),
    fromY('vsftpd', uploads, { modes: ['port'] }),
  ],
};
