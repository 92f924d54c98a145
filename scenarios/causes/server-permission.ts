import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, ftpFilterAs } from './shared.ts';

/** Looks like Read Only, and no firewall takes part. */
export const serverPermission: Scenario = {
  name: 'server-permission',
  question: 'Where the server itself forbids to write, how does an upload fail?',
  ruleSet: ftpFilterAs('server-permission'),
  stages: 'command-refused-by-server',
  cells: [
    fromY('vsftpd-write-off', blocked('command-refused-by-server', 'no-store')),
    fromY('vsftpd-locked-folder', blocked('command-refused-by-server', 'no-store'), { modes: ['pasv'] }),
  ],
};
