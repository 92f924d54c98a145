import { allow, computer, external, ftp, internal, route } from '../lab/policy/dsl.ts';
import { acrossBoth, scenario, uploads } from './shared.ts';

/** Counterpart of one-firewall-fixed. */
export const bothFirewallsFixed = scenario('both-firewalls-fixed', {
  question: 'With the FTP access filter on both firewalls, can X upload to the Y server?',
  ruleSet: {
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
  },
  cells: acrossBoth(uploads),
});
