import { blocked, fromY, scenario } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The network is fine. */
export const loginDenied = scenario('login-denied', {
  question: 'With a wrong password, what does a client see?',
  ruleSet: ftpFilterRules,
  stages: 'login-denied',
  cells: [fromY('vsftpd-login-denied', blocked('login-denied', 'no-login'), { modes: ['pasv'] })],
});
