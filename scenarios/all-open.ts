import { allow, anywhere, route } from '../lab/policy/dsl.ts';
import { acrossBoth, fromOutside, scenario, toExternal, uploads } from './shared.ts';

/** Control: with nothing blocked, everything must work. */
export const allOpen = scenario('all-open', {
  question: 'With every connection allowed, does every upload work?',
  ruleSet: {
    description: 'Everything is allowed in both directions.',
    both: {
      networkRule: route(),
      accessRules: [allow('Everything', { protocols: 'all', from: [anywhere], to: [anywhere] })],
    },
  },
  control: 'open',
  cells: [...toExternal(uploads), ...acrossBoth(uploads), fromOutside(uploads)],
});
