import { allow, computer, external, ftp, ftpControl, internal, route } from '../lab/policy/dsl.ts';
import { acrossBoth, dataDropped, externalServers, scenario, uploads } from './shared.ts';

/** Two firewalls decide between X and Y, and the one that is not fixed still drops the data connection. */
export const oneFirewallFixed = scenario('one-firewall-fixed', {
  question:
    'With the FTP access filter on X’s firewall only, can X upload to the Y server across both firewalls?',
  ruleSet: {
    description: 'FTP with the FTP access filter on isa-x; on isa-y only TCP port 21, to the Y server.',
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
          allow('FTP port 21 to the Y server', {
            protocols: [ftpControl],
            from: [external],
            to: [computer('y-server')],
          }),
        ],
      },
    },
  },
  cells: [
    ...acrossBoth(dataDropped('isa-y')),
    // Only isa-x is on this path, so if the path across both fails, isa-y is the reason.
    { clients: ['x-workstation'], servers: externalServers, expect: uploads },
  ],
});
