import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** The small upload still fits. */
export const quotaExceeded: Scenario = {
  name: 'quota-exceeded',
  question: "If the account's quota is used up, how does an upload fail?",
  ruleSet: ftpFilterAs('quota-exceeded'),
  stages: 'quota-exceeded',
  cells: [fromY('pure-ftpd-quota', blocked('quota-exceeded', 'no-large-store'), { modes: ['pasv'] })],
};
