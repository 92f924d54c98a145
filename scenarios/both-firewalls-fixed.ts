import type { Scenario } from '../lab/model/scenario.ts';
import { allow, computer, external, ftp, internal, route, ruleSet } from '../lab/policy/dsl.ts';
import { acrossBoth, uploads } from './shared.ts';

/** Counterpart of one-firewall-fixed. */
export const bothFirewallsFixed: Scenario = {
  name: 'both-firewalls-fixed',
  question: 'With the FTP access filter on both firewalls, can X upload to the Y server?',
  ruleSet: ruleSet({
    name: 'both-firewalls-fixed',
    description: 'FTP with the FTP access filter on both firewalls, inbound on isa-y to the Y server.',
    firewalls: {
      'isa-x': {
        networkRule: route(),
        accessRules: [
          allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false }),
        ],
      },
      'isa-y': {
        networkRule: route(),
        accessRules: [
          allow('FTP to the Y server', {
            protocols: [ftp],
            from: [external],
            to: [computer('y-server')],
            ftpReadOnly: false,
          }),
        ],
      },
    },
  }),
  cells: acrossBoth(uploads),
};
