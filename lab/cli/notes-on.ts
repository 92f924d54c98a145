import { duration } from '../duration.ts';
import type { Lab } from '../trial/lab.ts';
import type { RulesFile } from '../trial/rules-file.ts';

/** What is to be known of a user's rules once they are in force, a sentence each. `ms` is how long loading took, in milliseconds. */
export function notesOn(file: RulesFile, lab: Lab, ms: number): string[] {
  return [
    ...(file.count === undefined
      ? []
      : [`${file.count.toLocaleString('en')} rules, loaded in ${duration(ms)}.`]),
    ...file.notes(lab.plan),
    ...(lab.remembers
      ? [
          'The rules depend on time, count or chance, so uploads are tried one by one, and may influence each other.',
        ]
      : []),
  ];
}
