import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { blocked, fromY, ftpFilterAs } from './shared.ts';

/** The fault is the server's router's: the lab's firewalls let the data connection pass, and it is refused over there. */
export const passivePortsNotForwarded: Scenario = {
  name: 'passive-ports-not-forwarded',
  question: "Where the server's own router forwards port 21 alone, how does an upload fail?",
  ruleSet: ftpFilterAs('passive-ports-not-forwarded'),
  stages: 'data-refused',
  cells: [
    fromY('vsftpd-only-21-forwarded', blocked('data-refused', 'no-data'), { modes: ['pasv'] }),
    fromY('vsftpd-only-21-forwarded', uploads, { modes: ['port'] }),
  ],
};
