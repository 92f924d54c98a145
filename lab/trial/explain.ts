import { cellId } from '../model/cell.ts';
import type { RunResult } from '../model/run-result.ts';
import { cellsOf } from '../model/scenario.ts';
import { parseCell, ruleSetOf } from './parse-cell.ts';
import { type RulesOptions, type RulesSource, readRules } from './read-rules.ts';
import { nothingAbout, type RunConditions, runInLab } from './run.ts';
import { cellsUnder, loadAndControl } from './under-rules.ts';

export interface ExplainRequest extends RulesOptions, RunConditions {
  /** The rules under which the cell is tried. Default: the shipped rule set that the cell names. */
  readonly rules?: RulesSource | undefined;
}

/**
 * Tries one cell, `rule-set/client/server/mode[/driver][/tls][/ipv6 or /name]`, and keeps all the evidence for its verdict. If rules
 * are given, the cell may leave out the rule set. Throws LabError, or the signal's reason.
 */
export async function explain(cell: string, request: ExplainRequest = {}): Promise<RunResult> {
  const { rules: source } = request;
  const [rules] = await readRules([source ?? ruleSetOf(cell)], request);
  if (!rules) throw new Error('A source is rules');
  const key = parseCell(cell, rules.rules.name, source !== undefined, request.names);
  const known = rules.scenario && cellsOf(rules.scenario).find((one) => cellId(one.key) === cellId(key));
  return runInLab(
    { cells: [key], about: () => nothingAbout, rules: [rules] },
    { ...request, evidence: true, counters: true },
    async (lab, options) => {
      const checked = await loadAndControl(lab, [rules], [key], options);
      const wanted = [{ key, ...(known && { expected: known.expected }) }];
      const cells = await cellsUnder(lab, rules, wanted, options);
      return { ...checked, notes: checked.notes.flat(), cells, skipped: [] };
    },
  );
}
