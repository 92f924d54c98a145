import { called, type Names } from '../model/names.ts';
import type {
  AccessRule,
  Connection,
  FirewallPolicy,
  NetworkRule,
  Peer,
  PolicyRule,
  ProtocolDefinition,
  PublishingRule,
  RuleSet,
} from '../model/rule-set.ts';
import { policyOf } from '../model/rule-set.ts';
import { type FirewallName, firewallNames, type PortRange } from '../network/topology.ts';
import { changedPublishing, createPublishingStep } from './isa-publishing-steps.ts';

/**
 * The steps in the console of ISA Server 2004 that turn one rule set into another: sentences per firewall, in the order
 * to follow; empty for a firewall whose policy does not change. `names`: what computers are called.
 */
export function isaSteps(
  before: RuleSet,
  after: RuleSet,
  names: Names | undefined,
): Record<FirewallName, readonly string[]> {
  const steps = firewallNames().map((name) => [
    name,
    policySteps(policyOf(before, name), policyOf(after, name), names),
  ]);
  return Object.fromEntries(steps) as Record<FirewallName, readonly string[]>;
}

function policySteps(before: FirewallPolicy, after: FirewallPolicy, names: Names | undefined): string[] {
  const steps = [
    ...networkSteps(before.networkRule, after.networkRule),
    ...protocolSteps(before, after),
    ...ruleSteps(before.accessRules, after.accessRules, names),
    ...timeoutSteps(before, after),
  ];
  return steps.length === 0 ? [] : [...steps, 'Press Apply, and wait until the configuration is in force.'];
}

const networkPlace = 'Configuration > Networks > Network Rules';

function networkSteps(before: NetworkRule | null, after: NetworkRule | null): string[] {
  if (before?.name === after?.name && before?.relation === after?.relation) return [];
  if (!after) return [`${networkPlace}: delete "${before?.name}". Without it, nothing passes.`];
  if (!before)
    return [
      `${networkPlace} > Create a New Network Rule: name "${after.name}", source Internal, destination External, relationship ${relation(after)}.`,
    ];
  return [
    `${networkPlace} > "${before.name}" > Properties: ${[
      ...(before.name === after.name ? [] : [`name "${after.name}"`]),
      ...(before.relation === after.relation ? [] : [`relationship ${relation(after)}`]),
    ].join(', ')}.`,
  ];
}

function relation({ relation }: NetworkRule): string {
  return relation === 'NAT' ? 'Network Address Translation (NAT)' : 'Route';
}

/** Where ISA 2004 keeps that setting is not known. */
function timeoutSteps(
  { idleTimeout: before }: FirewallPolicy,
  { idleTimeout: after }: FirewallPolicy,
): string[] {
  if (before === after) return [];
  const wanted = after === undefined ? 'the product default' : `${after} seconds`;
  return [
    `Idle timeout of TCP connections: ${wanted}. The lab does not know where the console has this setting.`,
  ];
}

const toolbox = 'Firewall Policy > Toolbox > Protocols';

function protocolSteps(before: FirewallPolicy, after: FirewallPolicy): string[] {
  const known = definitionsOf(before);
  return definitionsOf(after)
    .filter((definition) => !known.some((other) => sameDefinition(other, definition)))
    .map((definition) => {
      const stock = stockName(definition);
      if (stock)
        return `${toolbox} > ${stock} > Properties > Parameters: ${definition.filter === 'ftp' ? 'select' : 'clear'} the application filter "FTP Access Filter". This holds for every rule that uses ${stock}.`;
      const former = known.find(({ name }) => name === definition.name);
      const place = former ? `${toolbox} > "${definition.name}" > Properties` : `${toolbox} > New > Protocol`;
      return `${place}: ${[
        ...(former ? [] : [`name "${definition.name}"`]),
        `primary connections ${connectionsText(definition.primary)}`,
        ...(definition.secondary.length > 0
          ? [`secondary connections ${connectionsText(definition.secondary)}`]
          : []),
        definition.filter === 'ftp' ? 'application filter "FTP Access Filter"' : 'no application filter',
      ].join('; ')}.`;
    });
}

function definitionsOf({ accessRules }: FirewallPolicy): ProtocolDefinition[] {
  const all = accessRules.flatMap(protocolsOf);
  return all.filter((one, index) => all.findIndex((other) => sameDefinition(other, one)) === index);
}

function protocolsOf(rule: PolicyRule): readonly ProtocolDefinition[] {
  if (rule.action === 'publish') return [rule.protocol];
  return rule.protocols === 'all' ? [] : rule.protocols;
}

function sameDefinition(one: ProtocolDefinition, other: ProtocolDefinition): boolean {
  const stock = stockName(one);
  return stock && stock === stockName(other) ? one.filter === other.filter : equal(one, other);
}

/** TCP 21 and nothing else is ISA's own "FTP" or, inbound, "FTP Server", with or without its filter. */
function stockName({ primary, secondary }: ProtocolDefinition): string | undefined {
  const [only, more] = [...primary, ...secondary];
  if (!only || more || !equal(only.ports, [21, 21])) return undefined;
  return only.direction === 'outbound' ? 'FTP' : 'FTP Server';
}

function protocolName(definition: ProtocolDefinition): string {
  return stockName(definition) ?? `"${definition.name}"`;
}

function connectionsText(connections: readonly Connection[]): string {
  return connections
    .map(
      ({ direction, ports }) =>
        `TCP ${portsText(ports)} ${direction === 'outbound' ? 'Outbound' : 'Inbound'}`,
    )
    .join(', ');
}

function portsText([first, last]: PortRange): string {
  return first === last ? `port ${first}` : `ports ${first}-${last}`;
}

/** A rule before and after; one side is missing if the rule is deleted or new. */
interface Pair {
  readonly before: PolicyRule | undefined;
  readonly after: PolicyRule | undefined;
}

function ruleSteps(
  before: readonly PolicyRule[],
  after: readonly PolicyRule[],
  names: Names | undefined,
): string[] {
  const pairs = pairsOf(before, after);
  const kept = pairs.flatMap((pair) => (pair.before && pair.after ? [pair] : []));
  const deleted = pairs.flatMap((pair) => (pair.before && !pair.after ? [pair.before] : []));
  const moved = movedRules(kept, before, after);
  return [
    ...deleted.map(({ name }) => `Firewall Policy > "${name}" > Delete.`),
    ...pairs.flatMap((pair) => {
      if (!pair.after) return [];
      const place = placeOf(pair.after, after);
      if (!pair.before) return createSteps(pair.after, place, names);
      return [
        ...changeSteps(pair.before, pair.after, names),
        ...(moved.includes(pair)
          ? [`Firewall Policy > "${pair.after.name}" > Move Up or Move Down until it is ${place}.`]
          : []),
      ];
    }),
  ];
}

/** Pairs rules of the same name. The others are paired, in order, if action and both ends are equal. */
function pairsOf(before: readonly PolicyRule[], after: readonly PolicyRule[]): Pair[] {
  const free = before.filter((one) =>
    after.every((rule) => rule.name !== one.name || isPublishing(rule) !== isPublishing(one)),
  );
  const pairs = after.map((rule): Pair => {
    const named = before.find(({ name }) => name === rule.name);
    if (named && isPublishing(named) === isPublishing(rule)) return { before: named, after: rule };
    const at = free.findIndex((other) => other.action === rule.action && equal(endsOf(other), endsOf(rule)));
    return { before: at < 0 ? undefined : free.splice(at, 1)[0], after: rule };
  });
  return [...pairs, ...free.map((rule): Pair => ({ before: rule, after: undefined }))];
}

function isPublishing({ action }: PolicyRule): boolean {
  return action === 'publish';
}

/** Whom a rule is about. */
function endsOf(rule: PolicyRule): unknown {
  return rule.action === 'publish' ? rule.server : [rule.from, rule.to];
}

/** The kept rules that have to move: those outside the longest run that keeps its order. */
function movedRules(
  kept: readonly Pair[],
  before: readonly PolicyRule[],
  after: readonly PolicyRule[],
): Pair[] {
  const inOrder = [...kept].sort((a, b) => indexIn(after, a.after) - indexIn(after, b.after));
  let longest: Pair[][] = [];
  for (const pair of inOrder) {
    const runs = longest.filter((run) => indexIn(before, run.at(-1)?.before) < indexIn(before, pair.before));
    const best = runs.reduce<Pair[]>((most, run) => (run.length > most.length ? run : most), []);
    longest = [...longest, [...best, pair]];
  }
  const still = longest.reduce<Pair[]>((most, run) => (run.length > most.length ? run : most), []);
  return inOrder.filter((pair) => !still.includes(pair));
}

function indexIn(rules: readonly PolicyRule[], rule: PolicyRule | undefined): number {
  return rule ? rules.indexOf(rule) : -1;
}

/**
 * The place of a rule, given by the rule above it: the steps go from the top, so that the rule above is already in
 * place.
 */
function placeOf(rule: PolicyRule, rules: readonly PolicyRule[]): string {
  const above = rules[rules.indexOf(rule) - 1];
  return above ? `directly below "${above.name}"` : 'first';
}

function createSteps(rule: PolicyRule, place: string, names: Names | undefined): string[] {
  if (rule.action === 'publish')
    return [
      createPublishingStep(rule, protocolName(rule.protocol), place, names),
      ...(isFiltered(rule) && !rule.ftpReadOnly ? [readOnlyStep(rule)] : []),
    ];
  return [
    `Firewall Policy > Create New Access Rule: name "${rule.name}", action ${actionText(rule)}, protocols ${protocolsText(rule)}, from ${peersText(rule.from, names)}, to ${peersText(rule.to, names)}, users All Users; put it ${place}.`,
    ...(rule.sourcePorts ? [sourcePortStep(rule)] : []),
    // ISA 2004 makes every new FTP rule Read Only.
    ...(isFiltered(rule) && !rule.ftpReadOnly ? [readOnlyStep(rule)] : []),
  ];
}

function changeSteps(before: PolicyRule, after: PolicyRule, names: Names | undefined): string[] {
  const properties = changedProperties(before, after, names);
  // If the rule uses the filter for the first time, the box has the value that ISA sets for a new rule.
  const readOnlyBefore = isFiltered(before) ? before.ftpReadOnly : isFiltered(after);
  return [
    ...(properties.length > 0
      ? [`Firewall Policy > "${before.name}" > Properties: ${properties.join('; ')}.`]
      : []),
    ...(before.action === 'publish' ||
    after.action === 'publish' ||
    equal(before.sourcePorts, after.sourcePorts)
      ? []
      : [sourcePortStep(after)]),
    ...(isFiltered(after) && readOnlyBefore !== after.ftpReadOnly ? [readOnlyStep(after)] : []),
  ];
}

/** What changes in a rule's dialog, a page each. */
function changedProperties(before: PolicyRule, after: PolicyRule, names: Names | undefined): string[] {
  if (before.action === 'publish' || after.action === 'publish') {
    if (before.action !== after.action) throw new Error('Rules of two kinds are not one that changes');
    const [was, is] = [before as PublishingRule, after as PublishingRule];
    return changedPublishing(was, is, [protocolName(was.protocol), protocolName(is.protocol)], names);
  }
  return [
    ...(before.name === after.name ? [] : [`General: name "${after.name}"`]),
    ...(before.action === after.action ? [] : [`Action: ${actionText(after)}`]),
    ...(protocolsText(before) === protocolsText(after) ? [] : [`Protocols: ${protocolsText(after)}`]),
    ...(equal(before.from, after.from) ? [] : [`From: ${peersText(after.from, names)}`]),
    ...(equal(before.to, after.to) ? [] : [`To: ${peersText(after.to, names)}`]),
  ];
}

function isFiltered(rule: PolicyRule): boolean {
  return rule.action !== 'deny' && protocolsOf(rule).some(({ filter }) => filter === 'ftp');
}

function readOnlyStep({ name, ftpReadOnly }: PolicyRule): string {
  return `Firewall Policy > "${name}" > Configure FTP: ${ftpReadOnly ? 'select' : 'clear'} "Read Only".`;
}

function sourcePortStep({ name, sourcePorts }: AccessRule): string {
  const limit = sourcePorts
    ? `limit access to traffic from source ${portsText(sourcePorts)}`
    : 'allow traffic from any source port';
  return `Firewall Policy > "${name}" > Properties > Protocols > Ports: ${limit}.`;
}

function actionText({ action }: AccessRule): string {
  return action === 'allow' ? 'Allow' : 'Deny';
}

function protocolsText({ protocols }: AccessRule): string {
  return protocols === 'all' ? 'All outbound traffic' : protocols.map(protocolName).join(', ');
}

function peersText(peers: readonly Peer[], names: Names | undefined): string {
  return peers.map((peer) => peerText(peer, names)).join(', ');
}

function peerText(peer: Peer, names: Names | undefined): string {
  switch (peer.kind) {
    case 'internal':
      return 'Internal';
    case 'external':
      return 'External';
    case 'anywhere':
      return 'Anywhere';
    case 'subnet':
      return `subnet ${peer.subnet}`;
    case 'computer':
      return `computer ${called(peer.host, names)}`;
    case 'cidr':
      return `subnet ${peer.cidr}`;
  }
}

/** Whether two pieces of plain data are the same. */
function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
