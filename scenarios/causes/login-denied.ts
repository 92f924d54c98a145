import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** The network is fine. */
export const loginDenied: Scenario = {
  name: 'login-denied',
  question: 'With a wrong password, what does a client see?',
  ruleSet: ftpFilterAs('login-denied'),
  stages: 'login-denied',
  cells: [fromY('vsftpd-login-denied', blocked('login-denied', 'no-login'), { modes: ['pasv'] })],
};
