import { ftpFilterTable } from '../../model/packet.ts';
import { idleTimeoutTable } from '../idle-timeout.ts';

/**
 * Says that the tables in force are a user's: a table of this name. It has a chain for each table of iptables that stands beside, `ip-filter`,
 * and nothing else.
 */
export const rulesetMarker = 'ip lab-ruleset';

/** The nft tables of the lab's own, as `family name`: the tracer's, the FTP access filter's, those that count probes, and {@link rulesetMarker}. */
export const labTables: readonly string[] = [
  'ip lab-trace',
  'ip6 lab-trace',
  'netdev lab-trace',
  ftpFilterTable,
  idleTimeoutTable,
  'ip lab-exposure',
  'netdev lab-exposure',
  rulesetMarker,
];
