import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/** Looks like Read Only, but no firewall is involved. */
export const serverPermission: Scenario = {
  name: 'server-permission',
  question: 'If the server itself forbids writing, how does an upload fail?',
  ruleSet: ftpFilterAs('server-permission'),
  stages: 'command-refused-by-server',
  cells: [
    fromY('vsftpd-write-off', blocked('command-refused-by-server', 'no-store')),
    fromY('vsftpd-locked-folder', blocked('command-refused-by-server', 'no-store'), { modes: ['pasv'] }),
  ],
};
