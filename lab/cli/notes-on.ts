import { duration } from '../duration.ts';
import type { Lab } from '../lab.ts';
import type { RulesFile } from './rules-file.ts';

/** What is to be known of a user's rules once they are in force, a sentence each. `ms` is how long loading took. */
export function notesOn(file: RulesFile, lab: Lab, ms: number): string[] {
  const count = file.count === undefined ? '' : `${file.count.toLocaleString('en')} rules, `;
  return [
    `${file.name}: ${count}loaded in ${duration(ms)}.`,
    ...file.notes(lab.plan),
    ...(lab.remembers
      ? [
          'The rules depend on time, count or chance, so uploads are tried one by one, and may influence each other.',
        ]
      : []),
  ];
}
