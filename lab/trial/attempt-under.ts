import type { Lab, Rules } from './lab.ts';
import { withFile } from './load-module.ts';
import {
  attemptAll,
  type RunOptions,
  runControls,
  type ScenarioResults,
  type WantedCell,
} from './run-scenarios.ts';

/**
 * Tries cells under rules, and the controls on them: the rules are loaded before the controls, so that ones that do not load
 * are known at once, and once more to stay. `ms`: how long loading took, in milliseconds. Throws LabError
 * `rule-set-does-not-load`, which blames `word`.
 */
export async function attemptUnder(
  lab: Lab,
  rules: Rules,
  cells: readonly WantedCell[],
  work: RunOptions,
  word: string,
): Promise<ScenarioResults & { readonly ms: number }> {
  const load = () => lab.load(rules).catch((error) => Promise.reject(withFile(error, word)));
  const ms = await load();
  const invalid = await runControls(
    lab,
    cells.map(({ key }) => key),
    work,
  );
  await load();
  return { cells: await attemptAll(lab, cells, work), void: invalid, skipped: [], ms };
}
