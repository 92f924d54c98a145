import type { ScenariosResult } from '../../model/result/scenarios.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** The scenarios with their questions. */
export function scenarioList({ scenarios }: ScenariosResult, { width }: Style): string {
  const column = Math.max(...scenarios.map(({ name }) => name.length)) + 2;
  return scenarios
    .map(
      ({ name, question }) =>
        name.padEnd(column) + wrap(question, width - column).replaceAll('\n', `\n${' '.repeat(column)}`),
    )
    .join('\n');
}
