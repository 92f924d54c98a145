import { blocked, fromY, scenario } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The small upload still fits. */
export const quotaExceeded = scenario('quota-exceeded', {
  question: "If the account's quota is used up, how does an upload fail?",
  ruleSet: ftpFilterRules,
  stages: 'quota-exceeded',
  cells: [fromY('pure-ftpd-quota', blocked('quota-exceeded', 'no-large-store'), { modes: ['pasv'] })],
});
