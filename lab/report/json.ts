import type { RunResult } from '../verdict/run-result.ts';

/** The document that `--json` writes: the result of a run, indented, with a line feed at the end. */
export function runJson(run: RunResult): string {
  return `${JSON.stringify(run, null, 2)}\n`;
}
