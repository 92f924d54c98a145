import type { z } from 'zod';
import { LabError } from '../errors.ts';
import { misshapenText } from '../misshapen.ts';
import { ruleSet as shape } from '../model/result/rule-set.ts';
import type {
  AccessRule,
  FirewallPolicy,
  PolicyRule,
  ProtocolDefinition,
  RuleSet,
} from '../model/rule-set.ts';
import { policyOf } from '../model/rule-set.ts';
import { firewallNames } from '../network/topology.ts';
import { checkNames } from './check-names.ts';
import { readTables } from './iptables-save.ts';
import { cidr } from './peers.ts';
import { protocol, tcpRange } from './protocols.ts';
import { type AccessRuleOptions, allow, deny, nat, publish, route, ruleSet } from './rules.ts';

/**
 * A rule set from a value that a user's module exported. Throws LabError `rule-set-malformed` with the path and the
 * value if the shape is wrong. For a bad port, name or network it throws what the factories throw, with the path in
 * front.
 */
export function parseRuleSet(value: unknown): RuleSet {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw misshapen(parsed.error, value);
  const { name, description, firewalls, ipv6, hosts } = parsed.data;
  for (const firewall of firewallNames())
    checkPolicy(policyOf(parsed.data, firewall), `firewalls.${firewall}`);
  for (const [host, text] of Object.entries(hosts ?? {})) at(`hosts.${host}`, () => readTables(text));
  const rules = ruleSet({ name, description, firewalls, ...(ipv6 && { ipv6 }), ...(hosts && { hosts }) });
  checkNames(rules);
  return rules;
}

/** Runs the checks of the factories, for authors who wrote the object without them. */
function checkPolicy({ networkRule, accessRules }: FirewallPolicy, path: string): void {
  at(`${path}.networkRule`, () => networkRule && { route, NAT: nat }[networkRule.relation](networkRule.name));
  for (const [index, rule] of accessRules.entries())
    at(`${path}.accessRules[${index}]`, () => checkRule(rule));
}

function checkRule(rule: PolicyRule): void {
  if (rule.action === 'publish') {
    checkProtocols([rule.protocol]);
    publish(rule.name, rule);
  } else checkAccessRule(rule);
}

function checkProtocols(protocols: readonly ProtocolDefinition[]): void {
  for (const { name, primary, secondary } of protocols) {
    protocol(name, { primary, secondary });
    for (const { ports } of [...primary, ...secondary]) tcpRange(...ports);
  }
}

function checkAccessRule({ name, action, ...rule }: AccessRule): void {
  checkProtocols(rule.protocols === 'all' ? [] : rule.protocols);
  if (rule.sourcePorts) tcpRange(...rule.sourcePorts);
  for (const end of [...rule.from, ...rule.to]) if (end.kind === 'cidr') cidr(end.cidr);
  const options: AccessRuleOptions = rule;
  (action === 'allow' ? allow : deny)(name, options);
}

/** Runs a check; if it throws, puts the path in front of the message. */
function at(path: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(error.kind, error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}

function misshapen(error: z.ZodError, value: unknown): LabError {
  return new LabError(
    'usage',
    'rule-set-malformed',
    misshapenText(error, value, 'the rule set'),
    'Export what ruleSet() returns, as the default export.',
  );
}
