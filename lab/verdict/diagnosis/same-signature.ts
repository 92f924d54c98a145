import {
  driverNames,
  type StepName,
  type StepOutcome,
  stepNames,
  type Way,
  wayOf,
} from '../../model/attempt.ts';
import type { Cause } from '../../model/cause.ts';
import type { Expectation } from '../../model/cell.ts';
import type { MatchingCase, SameSignature } from '../../model/result/diagnosis.ts';
import { policyOf } from '../../model/rule-set.ts';
import { cellsOf, type Scenario } from '../../model/scenario.ts';
import { type ClientName, firewallsBetween, type ServerName } from '../../network/topology.ts';

/** The observations in one transfer mode, by one version of IP, that a scenario's expectation can be compared with. */
export interface ObservedMode {
  readonly way: Way;
  readonly uploaded: boolean;
  readonly failedAt: StepName | null;
  readonly steps: readonly { readonly name: StepName; readonly outcome: StepOutcome }[];
  /** The causes that remain possible. */
  readonly possible: readonly Cause[];
}

/**
 * The scenarios in which some client and server had the observed result in every tried mode: uploaded or not, the same
 * failed step, every step's outcome, and a possible cause. A step that was not tried matches any outcome. Scenarios
 * that cover every tried mode come first.
 */
export function sameSignature(
  observed: readonly ObservedMode[],
  scenarios: readonly Scenario[],
): SameSignature[] {
  return scenarios
    .flatMap((scenario) => {
      const cases = casesOf(scenario).filter((candidate) => matches(observed, candidate));
      const [first] = cases;
      if (!first) return [];
      const silentOn = observed.map(({ way }) => way).filter((way) => !(way in first.modes));
      const { name, question } = scenario;
      return [{ scenario: name, question, cases, networkRules: networkRules(scenario, cases), silentOn }];
    })
    .sort((a, b) => a.silentOn.length - b.silentOn.length);
}

function networkRules({ ruleSet }: Scenario, cases: readonly MatchingCase[]): SameSignature['networkRules'] {
  const crossed = cases.flatMap(({ client, server }) => firewallsBetween(client, server));
  const relations = crossed.map((name) => {
    if ('firewalls' in ruleSet) return policyOf(ruleSet, name).networkRule?.relation ?? 'none';
    return /-j (SNAT|MASQUERADE)\b/.test(ruleSet.iptables[name] ?? '') ? 'NAT' : 'route';
  });
  return [...new Set(relations)];
}

function casesOf(scenario: Scenario): MatchingCase[] {
  const cases = new Map<
    string,
    { client: ClientName; server: ServerName; modes: Partial<Record<Way, Expectation>> }
  >();
  for (const { key, expected } of cellsOf(scenario)) {
    if (key.driver !== driverNames[0] || key.tls) continue;
    const { client, server } = key;
    const name = `${client}/${server}`;
    const found = cases.get(name) ?? { client, server, modes: {} };
    cases.set(name, found);
    found.modes[wayOf(key)] = expected;
  }
  return [...cases.values()];
}

/** A case must cover a mode that failed, if any did: the absence of a contradiction is not enough. */
function matches(observed: readonly ObservedMode[], { modes }: MatchingCase): boolean {
  const common = observed.filter(({ way }) => way in modes);
  const telling = observed.some(({ uploaded }) => !uploaded)
    ? common.some(({ uploaded }) => !uploaded)
    : common.length > 0;
  return telling && common.every((seen) => agrees(seen, modes[seen.way]));
}

function agrees(seen: ObservedMode, expected: Expectation | undefined): boolean {
  if (!expected || seen.uploaded !== expected.uploaded) return false;
  if (!seen.possible.includes(expected.cause)) return false;
  if (expected.failedAt !== undefined && expected.failedAt !== seen.failedAt) return false;
  return stepNames.every((name) => {
    const outcome = outcomeOf(seen, name);
    const wanted = expected.steps?.[name];
    return wanted === undefined || outcome === undefined || outcome === wanted;
  });
}

/** `undefined` for a step that could have been tried but was not, because there was nothing to read back. */
export function outcomeOf({ steps }: ObservedMode, name: StepName): StepOutcome | undefined {
  const outcome = steps.find((step) => step.name === name)?.outcome;
  const loggedIn = steps.some((step) => step.name === 'login' && step.outcome === 'ok');
  return outcome === 'skipped' && loggedIn ? undefined : outcome;
}
