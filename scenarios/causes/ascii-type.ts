import type { Scenario } from '../../lab/verdict/scenario.ts';
import { blocked, fromY, ftpFilterAs } from './shared.ts';

/** Windows' ftp.exe starts in ASCII type. Servers that convert line ends change files that are no text. */
export const asciiType: Scenario = {
  name: 'ascii-type',
  question: 'Where the client transfers in ASCII type, does the file arrive intact?',
  ruleSet: ftpFilterAs('ascii-type'),
  stages: 'content-mismatch',
  cells: [fromY('proftpd', blocked('content-mismatch', 'no-store'), { modes: ['port'], drivers: ['ascii'] })],
};
