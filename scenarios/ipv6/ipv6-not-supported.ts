import { noIPv6Rule } from '../../lab/policy/compile.ts';
import { ftpFilterRules } from '../causes/shared.ts';
import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { fromYByIPv6 } from './shared.ts';

/** ISA Server 2004 drops IPv6 without a rule that says so. */
export const ipv6NotSupported = scenario('ipv6-not-supported', {
  question: 'If uploads by IPv4 work through ISA Server, does one by IPv6?',
  ruleSet: ftpFilterRules,
  stages: 'control-dropped',
  cells: [
    fromY('vsftpd', uploads, { modes: ['epsv'] }),
    fromYByIPv6(
      'vsftpd',
      blocked('control-dropped', 'no-connection', { firewall: 'isa-y', rule: noIPv6Rule }),
    ),
  ],
});
