import type { FirewallPolicy } from '../lab/model/rule-set.ts';
import { shipped } from '../lab/network/shipped.ts';
import { route } from '../lab/policy/dsl.ts';
import { acrossBoth, byBoth, controlDropped, fromOutside, scenario, toExternal } from './shared.ts';

/** Nothing but what the Default rule denies. */
export const nothingAllowed: FirewallPolicy = { networkRule: route(), accessRules: [] };

/** Control: whatever gets through here bypasses the firewalls. */
export const allClosed = scenario('all-closed', {
  question: 'Without any access rule, does the Default rule stop every attempt at the first packet?',
  ruleSet: {
    description: 'No access rule but the Default rule, which denies.',
    both: nothingAllowed,
    ipv6: true,
  },
  control: 'closed',
  cells: [
    ...toExternal(controlDropped),
    ...acrossBoth(controlDropped('isa-x')),
    fromOutside(controlDropped('isa-y')),
    // One cell for each server and mode with which a cause is staged; the transfer mode makes no difference to a login.
    ...Object.entries(shipped.staged).map(([server, { on }]) =>
      on !== 'y-server'
        ? ({
            clients: ['y-workstation'],
            servers: [server],
            modes: ['pasv'],
            expect: controlDropped('isa-y'),
          } as const)
        : ({
            clients: ['x-workstation'],
            servers: [server],
            modes: ['pasv'],
            expect: controlDropped('isa-x'),
          } as const),
    ),
  ].flatMap(byBoth),
});
