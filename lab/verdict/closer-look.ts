import type { Observation } from './finding.ts';
import { judge } from './judge.ts';

/** Whether an attempt failed on its way through firewalls without proof of what stopped it. */
export function needsCloserLook(observation: Observation): boolean {
  const { cause, firewall } = judge(observation);
  if (observation.evidence.firewalls.length === 0) return false;
  return cause === 'inconclusive' || (cause === 'stalled-mid-transfer' && firewall === null);
}

/** What the closer look showed, if the attempt failed as it had before; else what was known before, and that it differs. */
export function sameOrDiffering<T extends Observation>(first: T, closer: T): T {
  return judge(first).failedAt === judge(closer).failedAt ? closer : { ...first, differs: true };
}
