import { fixes, ftpsFixes } from '../../scenarios/fixes.ts';
import { headed } from '../model/origin.ts';
import type { Candidate, RecommendationResult } from '../model/result/recommendation.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { Scenario } from '../model/scenario.ts';
import { type FirewallName, firewallNames, firewallsBetween } from '../network/topology.ts';
import type { Rules } from '../policy/compile.ts';
import { isaSteps } from '../policy/isa-steps.ts';
import { rankCandidates } from '../verdict/recommendation.ts';
import { type Conditions, inLab } from './in-lab.ts';
import { neededCells } from './needed-cells.ts';
import { originOf } from './origin-of.ts';
import { asNamed, type NamedRules, type RulesOptions, type RulesSource, readRules } from './read-rules.ts';
import { cellsUnder, loadAndRequireControls, measure, type Telling } from './under-rules.ts';

export interface RecommendRequest extends RulesOptions, Conditions, Telling {
  /** The needed uploads, as {@link neededCells} takes them. Default: from Y to External, in the passive modes. */
  readonly need?: readonly string[] | undefined;
  /** The rules that are in force now. Default: as-reported. */
  readonly before?: RulesSource | undefined;
}

/** The fix that the original report saw as the only way. */
const yardstick = 'high-ports-outbound';

/**
 * Finds the rules under which every needed cell uploads and the fewest other ports are open, among the given candidates
 * and the shipped fixes that keep the network rules of `before`. Throws LabError, `run-void` if a control fails, or the
 * signal's reason.
 */
export async function recommend(
  candidates: readonly RulesSource[] = [],
  request: RecommendRequest = {},
): Promise<RecommendationResult> {
  const { need = [], before = 'as-reported' } = request;
  const needed = neededCells(need);
  const read = await readRules([before, ...candidates], request);
  const [former, ...others] = read;
  if (!former) throw new Error('A source is rules');
  const attempts = [...needed.values()];
  const crossed = attempts.flatMap(({ client, server }) => firewallsBetween(client, server));
  const { result } = await inLab(request, async (lab) => {
    const proposed = attempts.some(({ tls }) => tls) ? [...fixes, ...ftpsFixes] : fixes;
    const all = [...shippedLike(former.rules, proposed), ...others];
    await loadAndRequireControls(lab, read, attempts, request);
    const tried: Candidate[] = [];
    for (const rules of all) {
      const cells = await cellsUnder(
        lab,
        rules,
        attempts.map((key) => ({ key })),
        request,
      );
      const meets = cells.every(({ verdict }) => verdict.uploaded);
      tried.push({ name: rules.rules.name, cells, exposure: meets ? await measure(lab, request) : null });
    }
    const ranking = rankCandidates(tried);
    const best = all.find(({ rules }) => rules.name === ranking.fixes[0]?.name)?.rules;
    const steps = former.rules.kind === 'isa' && best?.kind === 'isa' ? isaSteps(former.rules, best) : null;
    return { ...headed('recommendation', originOf(lab.engine, read)), ...ranking, steps };
  });
  return {
    before: former.rules.name,
    need: [...needed.keys()],
    onTheWay: firewallNames.filter((name) => crossed.includes(name)),
    yardstick,
    ...result,
  };
}

/** Those of the proposed shipped fixes that have the network rules of another rule set. */
function shippedLike(before: Rules, proposed: readonly Scenario[]): NamedRules[] {
  const relation = (rules: RuleSet, firewall: FirewallName) =>
    rules.firewalls[firewall].networkRule?.relation;
  const alike = (rules: RuleSet) =>
    before.kind !== 'isa' || firewallNames.every((name) => relation(rules, name) === relation(before, name));
  return proposed.flatMap(({ ruleSet }) =>
    ruleSet.kind === 'isa' && alike(ruleSet) ? [asNamed(ruleSet)] : [],
  );
}
