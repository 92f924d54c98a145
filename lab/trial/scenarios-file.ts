import { z } from 'zod';
import { LabError, withFile } from '../errors.ts';
import { misshapenText } from '../misshapen.ts';
import { oneHostOf } from '../model/names.ts';
import { expectation } from '../model/result/cell.ts';
import { cause, driverName, transferMode } from '../model/result/name-schemas.ts';
import type { Scenario } from '../model/scenario.ts';
import { allServerNames, clientNames, firewallNames, machineNames } from '../network/topology.ts';
import { oneOf } from '../one-of.ts';
import { readTables } from '../policy/iptables-save.ts';
import { ruleSetName } from '../policy/names.ts';
import { parseRuleSet } from '../policy/parse-rule-set.ts';
import { loadDefaultExport } from './load-module.ts';

const cells = z.strictObject({
  clients: z.array(z.string()).min(1),
  servers: z.array(z.string()).min(1),
  modes: z.array(transferMode).exactOptional(),
  drivers: z.array(driverName).exactOptional(),
  tls: z.boolean().exactOptional(),
  repeat: z.int().min(1).exactOptional(),
  expect: expectation,
});

const iptables = z.strictObject({
  kind: z.literal('iptables'),
  name: z.string(),
  description: z.string(),
  iptables: z.record(z.string(), z.string()),
  hosts: z.record(z.string(), z.string()).exactOptional(),
});

const shape = z.strictObject({
  name: z.string(),
  question: z.string(),
  ruleSet: z.unknown(),
  stages: z.union([cause, z.literal('none')]).exactOptional(),
  control: z.enum(['open', 'closed']).exactOptional(),
  cells: z.array(cells).min(1),
});

/**
 * The scenarios that a file exports by default, checked against the network in use. Throws LabError `usage`: `scenario-malformed`, or what
 * is wrong with its rules or hosts.
 */
export async function readScenarios(file: string): Promise<Scenario[]> {
  const { exported } = await loadDefaultExport(file, 'a list of scenarios');
  try {
    if (!Array.isArray(exported)) throw malformed(`its default export is no list of scenarios`);
    return exported.map((value, at) => scenarioOf(value, `scenario ${at + 1}`));
  } catch (error) {
    throw withFile(error, file);
  }
}

function scenarioOf(value: unknown, what: string): Scenario {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw malformed(`${what}: ${misshapenText(parsed.error, value, 'it')}`);
  const { ruleSet: own, ...scenario } = parsed.data;
  const ruleSet = rulesOf(own, scenario.name);
  if (ruleSet.name !== ruleSetName(scenario.name))
    throw malformed(
      `the scenario ${scenario.name} has the rule set ${ruleSet.name}; they must have one name`,
    );
  for (const { clients, servers } of scenario.cells) {
    for (const client of clients) oneHostOf('client', client, clientNames());
    for (const server of servers) oneHostOf('server', server, allServerNames());
  }
  return { ...scenario, ruleSet };
}

function rulesOf(value: unknown, scenario: string): Scenario['ruleSet'] {
  const { kind } = (value ?? {}) as { readonly kind?: unknown };
  if (kind !== 'iptables') return parseRuleSet(value);
  const parsed = iptables.safeParse(value);
  if (!parsed.success) throw malformed(`${scenario}: ${misshapenText(parsed.error, value, 'its rule set')}`);
  for (const [firewall, text] of Object.entries(parsed.data.iptables)) {
    oneOf('firewall', firewall, firewallNames());
    readTables(text);
  }
  for (const [host, text] of Object.entries(parsed.data.hosts ?? {})) {
    oneOf('host', host, machineNames());
    readTables(text);
  }
  return parsed.data;
}

function malformed(message: string): LabError {
  return new LabError(
    'usage',
    'scenario-malformed',
    message,
    'docs/networks.md shows how scenarios are written.',
  );
}
