import { headed } from '../model/origin.ts';
import type { ComparisonResult, TriedRules } from '../model/result/comparison.ts';
import { compileRules } from '../policy/compile.ts';
import { changeLines } from '../report/text/comparison.ts';
import { breaksNothing, changed, compareCells } from '../verdict/comparison.ts';
import { exposureChanges } from '../verdict/exposure-comparison.ts';
import { attemptsAcross } from './attempts-across.ts';
import { type Conditions, inLab } from './in-lab.ts';
import type { AttemptOptions, Lab } from './lab.ts';
import { originOf } from './origin-of.ts';
import { firewallOf, type NamedRules, type RulesOptions, type RulesSource, readRules } from './read-rules.ts';
import { cellsUnder, loadAndRequireControls, measure, type Telling } from './under-rules.ts';

export interface CompareRequest extends RulesOptions, Conditions, Telling {}

/**
 * Tries the same uploads under two rule sets, in one lab, and measures what each lets through: every path that crosses
 * a firewall which both rule sets cover, in every mode. Throws LabError, `run-void` if a control fails, or the signal's
 * reason.
 */
export async function compare(
  before: RulesSource,
  after: RulesSource,
  request: CompareRequest = {},
): Promise<ComparisonResult> {
  const rules = await readRules([before, after], request);
  const [former, later] = rules;
  if (!former || !later) throw new Error('Two sources are two rule sets');
  const attempts = attemptsAcross({ only: firewallOf(rules) });
  const { result } = await inLab(request, async (lab) => {
    await loadAndRequireControls(lab, rules, attempts, request);
    const was = await tried(lab, former, attempts, request);
    const is = await tried(lab, later, attempts, request);
    const changes = compareCells(was.cells, is.cells);
    return {
      ...headed('comparison', originOf(lab.engine, rules)),
      before: was,
      after: is,
      changes: changed(changes),
      ports: exposureChanges(was.exposure, is.exposure),
      summary: { breaksNothing: breaksNothing(changes), lines: changeLines(changes) },
    };
  });
  return result;
}

async function tried(
  lab: Lab,
  rules: NamedRules,
  attempts: readonly AttemptOptions[],
  telling: Telling,
): Promise<TriedRules> {
  const wanted = attempts.map((key) => ({ key }));
  const cells = await cellsUnder(lab, rules, wanted, telling);
  const written = rules.rules;
  return {
    name: written.name,
    ruleSet: written.kind === 'isa' ? written : null,
    rules: compileRules(written, lab.plan),
    cells,
    exposure: await measure(lab, telling),
  };
}
