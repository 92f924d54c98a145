import { fixes, ftpsFixes, publishingFixes } from '../../scenarios/fixes.ts';
import { LabError } from '../errors.ts';
import type { Exposure } from '../model/exposure.ts';
import { headed } from '../model/origin.ts';
import type { RecommendationResult } from '../model/result/recommendation.ts';
import { policyOf, type RuleSet } from '../model/rule-set.ts';
import type { Scenario } from '../model/scenario.ts';
import { type FirewallName, firewallNames, firewallsBetween, guardOf } from '../network/topology.ts';
import { type FileRules, isOfFile, type Rules } from '../policy/compile.ts';
import { isaSteps } from '../policy/isa-steps.ts';
import { rulesLost } from '../policy/losses.ts';
import { type CandidateInstead, rankCandidates } from '../verdict/recommendation.ts';
import { type Conditions, inLab } from './in-lab.ts';
import type { Lab } from './lab.ts';
import { neededCells } from './needed-cells.ts';
import { originIn } from './origin-of.ts';
import {
  asNamed,
  gatewayOf,
  type NamedRules,
  type RulesOptions,
  type RulesSource,
  readRules,
  refuseIp6tables,
  refuseUnmeasurable,
} from './read-rules.ts';
import { cellsUnder, loadAndRequireControls, measure, type Telling } from './under-rules.ts';
import { refuseOwnNetwork } from './use-network.ts';

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
 * and the shipped fixes that keep the network rules of `before`. If `before` is a file, shipped rule sets are candidates only if
 * they are named; those that lose nothing of what the file lets through come first, and the others say what they lose. Throws LabError:
 * `no-candidates`, `run-void` if a control fails; or the signal's reason.
 */
export async function recommend(
  candidates: readonly RulesSource[] = [],
  request: RecommendRequest = {},
): Promise<RecommendationResult> {
  refuseOwnNetwork('ftplab recommend');
  const { need = [], before = 'as-reported' } = request;
  const needed = neededCells(need, request.names);
  const read = await readRules([before, ...candidates], request);
  const [former, ...others] = read;
  if (!former) throw new Error('A source is rules');
  gatewayOf('"ftplab recommend"', read, request.names);
  refuseUnmeasurable(read, request.names);
  refuseIp6tables('"ftplab recommend"', read);
  const file = isOfFile(former.rules) ? former.rules : null;
  if (file && others.length === 0)
    throw new LabError(
      'usage',
      'no-candidates',
      `Each rule set that comes with the lab would take away every rule of ${former.word}, so none is recommended`,
      `"ftplab fix ${former.word}" looks for a patch that adds to the file. Or name candidates: your own files, or shipped rule sets.`,
    );
  const attempts = [...needed.values()];
  const crossed = attempts.flatMap(({ client, server }) => firewallsBetween(client, server));
  const { result } = await inLab(request, async (lab) => {
    const proposed = [
      ...fixes,
      ...(attempts.some(({ tls }) => tls) ? ftpsFixes : []),
      ...(attempts.some(({ client }) => guardOf(client) === undefined) ? publishingFixes : []),
      ...(attempts.some(({ ipv6 }) => ipv6) ? fixes.map(forIPv6) : []),
    ];
    const all = file ? others : [...shippedLike(former.rules, proposed, crossed), ...others];
    await loadAndRequireControls(lab, read, attempts, request);
    const tried: CandidateInstead[] = [];
    const now = file ? await exposureOf(lab, file, request) : null;
    for (const rules of all) {
      const cells = await cellsUnder(
        lab,
        rules,
        attempts.map((key) => ({ key })),
        request,
      );
      const meets = cells.every(({ verdict }) => verdict.uploaded);
      tried.push({
        name: rules.rules.name,
        cells,
        exposure: meets ? await measure(lab, request, file?.firewall) : null,
        rulesLost: file ? rulesLost(file, rules.rules) : [],
      });
    }
    const ranking = rankCandidates(tried, now, lab.names);
    const best = all.find(({ rules }) => rules.name === ranking.fixes[0]?.name)?.rules;
    const steps =
      former.rules.kind === 'isa' && best?.kind === 'isa' ? isaSteps(former.rules, best, lab.names) : null;
    return { ...headed('recommendation', originIn(lab, read)), ...ranking, steps };
  });
  return {
    before: former.rules.name,
    ...(file && { file: former.word }),
    need: [...needed.keys()],
    onTheWay: firewallNames().filter((name) => crossed.includes(name)),
    yardstick,
    ...result,
  };
}

/** A scenario whose rules are about IPv6 too. */
function forIPv6(scenario: Scenario): Scenario {
  const { ruleSet } = scenario;
  return ruleSet.kind === 'isa'
    ? { ...scenario, ruleSet: { ...ruleSet, name: `${ruleSet.name}-ipv6`, ipv6: true } }
    : scenario;
}

async function exposureOf(lab: Lab, file: FileRules, telling: Telling): Promise<Exposure> {
  await lab.load(file);
  return measure(lab, telling, file.firewall);
}

/** Those of the proposed shipped fixes that have the network rules of another rule set, on the firewalls that are crossed. */
function shippedLike(
  before: Rules,
  proposed: readonly Scenario[],
  crossed: readonly FirewallName[],
): NamedRules[] {
  const relation = (rules: RuleSet, firewall: FirewallName) =>
    policyOf(rules, firewall).networkRule?.relation;
  const alike = (rules: RuleSet) =>
    before.kind !== 'isa' || crossed.every((name) => relation(rules, name) === relation(before, name));
  return proposed.flatMap(({ ruleSet }) =>
    ruleSet.kind === 'isa' && alike(ruleSet) ? [asNamed(ruleSet)] : [],
  );
}
