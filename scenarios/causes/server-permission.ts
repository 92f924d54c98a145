import { blocked, fromY, scenario } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** Looks like Read Only, but no firewall is involved. */
export const serverPermission = scenario('server-permission', {
  question: 'If the server itself forbids writing, how does an upload fail?',
  ruleSet: ftpFilterRules,
  stages: 'command-refused-by-server',
  cells: [
    fromY('vsftpd-write-off', blocked('command-refused-by-server', 'no-store')),
    fromY('vsftpd-locked-folder', blocked('command-refused-by-server', 'no-store'), { modes: ['pasv'] }),
  ],
});
