import { ftpFilterTable } from '../../model/packet.ts';
import { idleTimeoutTable } from '../idle-timeout.ts';

/** The nft tables of the lab's own, as `family name`: the tracer's, the FTP access filter's, and those that count probes. */
export const labTables: readonly string[] = [
  'ip lab-trace',
  'netdev lab-trace',
  `ip ${ftpFilterTable}`,
  `ip ${idleTimeoutTable}`,
  'ip lab-exposure',
  'netdev lab-exposure',
];
