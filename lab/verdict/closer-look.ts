import type { ObservedStep } from '../model/attempt.ts';
import type { Observation } from './finding.ts';
import { judge, verifiedSteps } from './judge.ts';

/** Whether an attempt failed on its way through firewalls without proof of what stopped it, or of what came first. */
export function needsCloserLook(observation: Observation): boolean {
  const { cause, firewall, left } = judge(observation);
  if (observation.evidence.firewalls.length === 0) return false;
  if (cause !== 'stalled-mid-transfer') return cause === 'inconclusive';
  // Where not even a file came about, the data connection may never have stood for the server.
  return firewall === null || left?.bytes === null;
}

/** What the closer look showed, if the attempt failed as it had before; else what was known before, and that it differs. */
export function sameOrDiffering<T extends Observation>(first: T, closer: T): T {
  return judge(first).failedAt === judge(closer).failedAt ? closer : { ...first, differs: true };
}

/** The steps of a closer look, which ends with the one that decides, and of the first attempt those that come after it. */
export function allSteps(observation: Observation, first: Observation): ObservedStep[] {
  const before = verifiedSteps(first);
  return verifiedSteps(observation).map((step) => {
    const former = before.find(({ name }) => name === step.name);
    return step.outcome === 'skipped' && former ? former : step;
  });
}
