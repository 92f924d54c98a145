import type { Scenario } from '../../lab/model/scenario.ts';
import { allow, external, ftp, internal, route, ruleSet } from '../../lab/policy/dsl.ts';
import { blocked, byDefaultRule, fromY } from './shared.ts';

/**
 * Nothing passes the control connection while a file is on its way. The upload takes two seconds here and the firewall
 * forgets after one; in the field it is hours and minutes.
 */
export const controlIdleCut: Scenario = {
  name: 'control-idle-cut',
  question:
    'Where the firewall forgets idle connections sooner than an upload takes, what does a client see?',
  ruleSet: ruleSet({
    name: 'control-idle-cut',
    description:
      'FTP outbound with the FTP access filter; connections are forgotten after a second without a packet.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
      idleTimeout: 1,
    },
  }),
  stages: 'control-idle-cut',
  cells: [
    fromY('vsftpd-slow', blocked('control-idle-cut', 'no-large-file', byDefaultRule), { modes: ['pasv'] }),
  ],
};
