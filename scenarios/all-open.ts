import type { FirewallPolicy } from '../lab/model/rule-set.ts';
import { allow, anywhere, route } from '../lab/policy/dsl.ts';
import { acrossBoth, byBoth, fromOutside, scenario, toExternal, uploads } from './shared.ts';

/** Everything, in both directions. */
export const everythingAllowed: FirewallPolicy = {
  networkRule: route(),
  accessRules: [allow('Everything', { protocols: 'all', from: [anywhere], to: [anywhere] })],
};

/** Control: with nothing blocked, everything must work. */
export const allOpen = scenario('all-open', {
  question: 'With every connection allowed, does every upload work?',
  ruleSet: {
    description: 'Everything is allowed in both directions.',
    both: everythingAllowed,
    ipv6: true,
  },
  control: 'open',
  cells: [...toExternal(uploads), ...acrossBoth(uploads), fromOutside(uploads)].flatMap(byBoth),
});
