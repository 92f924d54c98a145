import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The fault lies with the server's router: the lab's firewalls accept the data connection, and the router refuses it. */
export const passivePortsNotForwarded = scenario('passive-ports-not-forwarded', {
  question: "If the server's own router forwards only port 21, how does an upload fail?",
  ruleSet: ftpFilterRules,
  stages: 'data-refused',
  cells: [
    fromY('vsftpd-only-21-forwarded', blocked('data-refused', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-only-21-forwarded', uploads, { modes: ['port'] }),
  ],
});
