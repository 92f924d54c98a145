import type { Scenario } from '../lab/model/scenario.ts';
import { allow, anywhere, route, ruleSet } from '../lab/policy/dsl.ts';
import { acrossBoth, toExternal, uploads } from './shared.ts';

/** Control: with nothing blocked, everything must work. */
export const allOpen: Scenario = {
  name: 'all-open',
  question: 'With every connection allowed, does every upload work?',
  ruleSet: ruleSet({
    name: 'all-open',
    description: 'Everything is allowed in both directions.',
    both: {
      networkRule: route(),
      accessRules: [allow('Everything', { protocols: 'all', from: [anywhere], to: [anywhere] })],
    },
  }),
  control: 'open',
  cells: [...toExternal(uploads), ...acrossBoth(uploads)],
};
