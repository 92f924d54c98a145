/* What is asked of a run's document. */
import type { RunResult } from './result/run.ts';

export type { RunResult, Setting, SkippedScenario } from './result/run.ts';

/** The questions of a run's rule sets, by rule set name, as far as they were recorded. */
export function questionsOf({ setting }: Pick<RunResult, 'setting'>): Map<string, string> {
  return new Map(
    setting?.ruleSets.flatMap(({ name, question }) => (question === null ? [] : [[name, question]])),
  );
}

/** Names of a run's rule sets that stage causes, as far as they were recorded. */
export function stagedOf({ setting }: Pick<RunResult, 'setting'>): Set<string> {
  return new Set(setting?.ruleSets.filter(({ staged }) => staged).map(({ name }) => name));
}
