import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commentOf } from '../../lab/agent/tracer/trace-parser.ts';
import { driverNames, stepNames } from '../../lab/model/attempt.ts';
import { causes } from '../../lab/model/cause.ts';
import { cellId } from '../../lab/model/cell.ts';
import { isAble } from '../../lab/model/drivers.ts';
import { defaultRule, policyOf } from '../../lab/model/rule-set.ts';
import { cellsOf, type Scenario } from '../../lab/model/scenario.ts';
import { isGateway, placesMet, type RulesPlace, rulesPlaces } from '../../lab/network/topology.ts';
import { noIPv6Rule } from '../../lab/policy/compile.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { scenarios } from '../../scenarios/index.ts';
import { ipv6Scenarios } from '../../scenarios/ipv6/index.ts';
import { externalServers } from '../../scenarios/shared.ts';

const cells = scenarios.flatMap((scenario) =>
  cellsOf(scenario).map(
    ({ key, expected, repeat }) => [cellId(key), { scenario, key, expected, repeat }] as const,
  ),
);

const ofReport = scenarios.filter(({ stages }) => stages === undefined);

/** The rule sets that the question of the report is about. */
const ofQuestion = [
  'as-reported',
  'high-ports-outbound',
  'server-range-outbound',
  'ftp-filter',
  'ftp-filter-read-only',
  'source-port-20-inbound',
  'nat-as-reported',
  'nat-ftp-filter',
];

it('runs the controls first, then what the question is about, and what stages causes last', () => {
  expect(scenarios.slice(0, 2).map(({ name, control }) => [name, control])).toEqual([
    ['all-open', 'open'],
    ['all-closed', 'closed'],
  ]);
  expect(scenarios.filter(({ control }) => control)).toHaveLength(2);
  expect(scenarios.slice(2, 2 + ofQuestion.length).map(({ name }) => name)).toEqual(ofQuestion);
  expect(scenarios.slice(0, ofReport.length)).toEqual(ofReport);
});

it('has a file for each scenario', () => {
  const files = (folder: string) =>
    readdirSync(new URL(`../../scenarios/${folder}`, import.meta.url)).filter((file) => file.endsWith('.ts'));
  const named = (those: readonly Scenario[]) => those.map(({ name }) => `${name}.ts`);
  const publishing = ofReport.filter(({ name }) => name.startsWith('published-'));
  const others = ofReport.filter((scenario) => !publishing.includes(scenario));
  expect(files('').sort()).toEqual(
    [...named(others), 'fixes.ts', 'host-controls.ts', 'index.ts', 'network-controls.ts', 'shared.ts'].sort(),
  );
  expect(files('publishing').sort()).toEqual([...named(publishing), 'index.ts', 'shared.ts'].sort());
  expect(files('ipv6').sort()).toEqual([...named(ipv6Scenarios), 'index.ts', 'shared.ts'].sort());
  const staging = scenarios.filter(
    (scenario) => scenario.stages !== undefined && !ipv6Scenarios.includes(scenario),
  );
  expect(files('causes').sort()).toEqual(
    [...named(staging), 'index.ts', 'narrow-rules.ts', 'own-firewalls.ts', 'shared.ts'].sort(),
  );
});

// A lab that packets bypass and one that loses its trace have tests of their own: no rule set stages them.
it.each(causes.filter((cause) => cause !== 'lab-bypassed' && cause !== 'inconclusive'))(
  '%s is staged by a scenario',
  (cause) => {
    expect(cells.some(([, { expected }]) => expected.cause === cause)).toBe(true);
  },
);

it.each(scenarios.flatMap((scenario) => (scenario.stages ? [[scenario.name, scenario] as const] : [])))(
  '%s stages its cause',
  (_name, scenario) => {
    expect(cellsOf(scenario).map((cell) => cell.expected.cause)).toContain(scenario.stages);
  },
);

it('attempts at least 300 cells, each once', () => {
  expect(cells.length).toBeGreaterThanOrEqual(300);
  expect(new Set(cells.map(([id]) => id)).size).toBe(cells.length);
});

it.each(
  scenarios.flatMap((scenario) =>
    ofQuestion.includes(scenario.name) || scenario.control ? [[scenario.name, scenario] as const] : [],
  ),
)('%s tries every client with every External server in every mode', (_name, scenario) => {
  const outward = cellsOf(scenario).filter(
    ({ key }) =>
      externalServers.some((server) => server === key.server) &&
      key.driver === driverNames[0] &&
      !key.tls &&
      !key.ipv6,
  );
  expect(outward).toHaveLength(3 * 3 * 4);
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  it('asks a question about the rule set with its name', () => {
    expect(scenario.ruleSet.name).toBe(scenario.name);
    expect(scenario.question).toMatch(/^[A-Z].*\?$/);
    expect(scenario.ruleSet.description).toMatch(/^[A-Z].*\.$/);
  });
});

it.each(cells)('%s expects only possible results', (_id, { scenario, key, expected, repeat }) => {
  expect(isAble(key.driver, key)).toBe(true);
  expect(expected.uploaded).toBe(expected.cause === 'none');
  // Chance also decides which step fails.
  expect(expected.failedAt === undefined).toBe(expected.uploaded || repeat !== undefined);
  if (repeat === undefined) expect(Object.keys(expected.steps ?? {}).sort()).toEqual([...stepNames].sort());
  if (expected.failedAt) expect(expected.steps?.[expected.failedAt]).toBe('failed');
  else expect(Object.values(expected.steps ?? {})).not.toContain('failed');
  if (!expected.firewall) return;
  expect(placesMet(key.client, key.server, rulesPlaces())).toContain(expected.firewall);
  expect(ruleNames(scenario.ruleSet, expected.firewall, key.ipv6)).toContain(expected.rule);
});

function ruleNames(ruleSet: Scenario['ruleSet'], firewall: RulesPlace, ipv6?: true): string[] {
  if (!isGateway(firewall)) return commentsIn(ruleSet.hosts?.[firewall] ?? '');
  if ('firewalls' in ruleSet && ipv6 && !ruleSet.ipv6) return [noIPv6Rule];
  if ('firewalls' in ruleSet)
    return [defaultRule, ...policyOf(ruleSet, firewall).accessRules.map(({ name }) => name)];
  return commentsIn((ipv6 ? ruleSet.iptables6 : ruleSet.iptables)?.[firewall] ?? '');
}

function commentsIn(text: string): string[] {
  return readTables(text).flatMap(({ rules }) => rules.map((rule) => commentOf(rule.text) ?? rule.text));
}
