import { z } from 'zod';
import { LabError } from '../errors.ts';
import type { RuleSet } from '../model/rule-set.ts';
import { allServerNames, clientNames, firewallNames, subnetNames } from '../network/topology.ts';
import { cidr } from './peers.ts';
import { protocol, tcpRange } from './protocols.ts';
import { type AccessRuleOptions, allow, deny, nat, route, ruleSet } from './rules.ts';

const ports = z.tuple([z.number(), z.number()]).readonly();

const peer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('internal') }),
  z.strictObject({ kind: z.literal('external') }),
  z.strictObject({ kind: z.literal('anywhere') }),
  z.strictObject({ kind: z.literal('subnet'), subnet: z.enum(subnetNames) }),
  z.strictObject({ kind: z.literal('computer'), host: z.enum([...clientNames, ...allServerNames]) }),
  z.strictObject({ kind: z.literal('cidr'), cidr: z.string() }),
]);

const connection = z.strictObject({ direction: z.enum(['outbound', 'inbound']), ports });

const protocolDefinition = z.strictObject({
  name: z.string(),
  primary: z.array(connection),
  secondary: z.array(connection),
  filter: z.literal('ftp').nullable(),
});

const accessRule = z.strictObject({
  name: z.string(),
  action: z.enum(['allow', 'deny']),
  protocols: z.union([z.literal('all'), z.array(protocolDefinition)]),
  from: z.array(peer),
  to: z.array(peer),
  sourcePorts: ports.nullable(),
  ftpReadOnly: z.boolean(),
});

const policy = z.strictObject({
  networkRule: z.strictObject({ name: z.string(), relation: z.enum(['route', 'NAT']) }).nullable(),
  accessRules: z.array(accessRule),
  idleTimeout: z.int().min(1).exactOptional(),
});

const shape = z.strictObject({
  name: z.string(),
  description: z.string(),
  firewalls: z.strictObject({ 'isa-x': policy, 'isa-y': policy }),
});

/**
 * A rule set from a value that a user's module exported. Throws LabError `rule-set-malformed` with the path and the
 * value if the shape is wrong. For a bad port, name or network it throws what the factories throw, with the path in
 * front.
 */
export function parseRuleSet(value: unknown): RuleSet {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw misshapen(parsed.error.issues[0], value);
  const { name, description, firewalls } = parsed.data;
  for (const firewall of firewallNames) checkPolicy(firewalls[firewall], `firewalls.${firewall}`);
  return ruleSet({ name, description, firewalls });
}

/** Runs the checks of the factories, for authors who wrote the object without them. */
function checkPolicy({ networkRule, accessRules }: z.infer<typeof policy>, path: string): void {
  at(`${path}.networkRule`, () => networkRule && { route, NAT: nat }[networkRule.relation](networkRule.name));
  for (const [index, rule] of accessRules.entries())
    at(`${path}.accessRules[${index}]`, () => checkRule(rule));
}

function checkRule({ name, action, ...rule }: z.infer<typeof accessRule>): void {
  for (const { name, primary, secondary } of rule.protocols === 'all' ? [] : rule.protocols) {
    protocol(name, { primary, secondary });
    for (const { ports } of [...primary, ...secondary]) tcpRange(...ports);
  }
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

function misshapen(issue: z.core.$ZodIssue | undefined, value: unknown): LabError {
  const deepest = issue && deepestIssue(issue);
  const path = deepest?.path ?? [];
  const found = path.reduce<unknown>((from, key) => (from as Record<PropertyKey, unknown>)?.[key], value);
  const place = path.length > 0 ? pathText(path) : 'the rule set';
  return new LabError(
    'usage',
    'rule-set-malformed',
    `${place} is ${valueText(found)}: ${deepest?.message}`,
    'Export what ruleSet() returns, as the default export.',
  );
}

/** Of a union's alternatives, the error of the one that matched furthest. */
function deepestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map((nested) => {
    const deepest = deepestIssue(nested);
    return { ...deepest, path: [...issue.path, ...deepest.path] };
  });
  return inner.sort((a, b) => b.path.length - a.path.length)[0] ?? issue;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function valueText(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name ? ` (${value.name})` : ''}`;
  if (typeof value === 'bigint' || typeof value === 'symbol' || value === undefined) return String(value);
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    return 'an object that refers to itself';
  }
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
