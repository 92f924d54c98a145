import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { ftpFilterAs } from './shared.ts';

/**
 * Windows' ftp.exe starts in ASCII type. A client that converts line ends sends other bytes than the file has. A server
 * that does not convert them back, such as vsftpd, stores those.
 */
export const asciiType: Scenario = {
  name: 'ascii-type',
  question: 'If the client transfers in ASCII type, does the file arrive intact?',
  ruleSet: ftpFilterAs('ascii-type'),
  stages: 'content-mismatch',
  cells: [
    fromY('vsftpd', blocked('content-mismatch', 'no-store'), { modes: ['port'], drivers: ['ascii'] }),
    fromY('proftpd', uploads, { modes: ['port'], drivers: ['ascii'] }),
  ],
};
