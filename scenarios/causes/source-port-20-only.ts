import { blocked, byDefaultRule, fromY, scenario, uploads } from '../shared.ts';
import { sourcePort20Inbound } from '../source-port-20-inbound.ts';
import { rulesOf } from './shared.ts';

/**
 * RFC 959 makes servers connect from port 20, but many do not: vsftpd unless configured to, and servers without root
 * rights.
 */
export const sourcePort20Only = scenario('source-port-20-only', {
  question:
    'With inbound data allowed only from source port 20, which servers accept uploads in active mode?',
  ruleSet: rulesOf(sourcePort20Inbound),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd-any-source-port', blocked('data-dropped', 'no-data', byDefaultRule), { modes: ['port'] }),
    fromY('vsftpd', uploads, { modes: ['port'] }),
  ],
});
