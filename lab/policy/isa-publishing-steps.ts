/* Steps in ISA's console for server publishing rules (Microsoft TechNet cc713319, bb838926). */
import { called, type Names } from '../model/names.ts';
import type { PublishingRule } from '../model/rule-set.ts';

/** Creates a rule. `protocol`: the definition's name in the console; `place`: where the rule stands. */
export function createPublishingStep(
  rule: PublishingRule,
  protocol: string,
  place: string,
  names: Names | undefined,
): string {
  const { name, server, port, keepClientAddress } = rule;
  return `Firewall Policy > Create New Server Publishing Rule: ${[
    `name "${name}"`,
    `server ${called(server, names)}`,
    `protocol ${protocol}`,
    ...(port === null ? [] : [`Ports: ${portText(rule)}`]),
    'listen for requests from External',
  ].join(', ')}; put it ${place}.${keepClientAddress ? '' : ` ${sourceStep(rule)}`}`;
}

/** Properties of a rule that change, one page of its dialog each. */
export function changedPublishing(
  before: PublishingRule,
  after: PublishingRule,
  [protocolBefore, protocolAfter]: readonly [string, string],
  names: Names | undefined,
): string[] {
  return [
    ...(before.name === after.name ? [] : [`General: name "${after.name}"`]),
    ...(before.server === after.server ? [] : [`To: server ${called(after.server, names)}`]),
    ...(before.keepClientAddress === after.keepClientAddress ? [] : [`To: ${sourceText(after)}`]),
    ...(protocolBefore === protocolAfter ? [] : [`Traffic: ${protocolAfter}`]),
    ...(before.port === after.port ? [] : [`Traffic > Ports: ${portText(after)}`]),
  ];
}

function portText({ port }: PublishingRule): string {
  return port === null
    ? 'publish using the default port defined in the protocol definition'
    : `publish on port ${port} instead of the default port`;
}

function sourceText({ keepClientAddress }: PublishingRule): string {
  return `requests appear to come from the ${keepClientAddress ? 'original client' : 'ISA Server computer'}`;
}

function sourceStep(rule: PublishingRule): string {
  return `Then "${rule.name}" > Properties > To: ${sourceText(rule)}.`;
}
