import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/**
 * Windows' ftp.exe starts in ASCII type. A client that converts line ends sends other bytes than the file has. A server
 * that does not convert them back, such as vsftpd, stores those.
 */
export const asciiType = scenario('ascii-type', {
  question: 'If the client transfers in ASCII type, does the file arrive intact?',
  ruleSet: ftpFilterRules,
  stages: 'content-mismatch',
  cells: [
    fromY('vsftpd', blocked('content-mismatch', 'no-store'), { modes: ['port'], drivers: ['ascii'] }),
    fromY('proftpd', uploads, { modes: ['port'], drivers: ['ascii'] }),
  ],
});
