import { allow, external, ftp, internal, route } from '../../lab/policy/dsl.ts';
import { blocked, byDefaultRule, fromY, scenario } from '../shared.ts';

/**
 * The control connection is idle while a file is transferred. Here the upload takes two seconds and the firewall
 * forgets after one; in the field it is hours and minutes.
 */
export const controlIdleCut = scenario('control-idle-cut', {
  question: 'If the firewall forgets idle connections before an upload ends, what does the client see?',
  ruleSet: {
    description:
      'FTP outbound with the FTP access filter; the firewall forgets connections after a second without a packet.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
      idleTimeout: 1,
    },
  },
  stages: 'control-idle-cut',
  cells: [
    fromY('vsftpd-slow', blocked('control-idle-cut', 'no-large-file', byDefaultRule), { modes: ['pasv'] }),
  ],
});
