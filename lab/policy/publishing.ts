/* What a server publishing rule compiles to, besides the rules that an access rule to the same server would. */
import { endpointOf } from '../model/endpoint.ts';
import type { AccessRule, Connection, ProtocolDefinition, PublishingRule } from '../model/rule-set.ts';
import { addressOf, legAddress } from '../network/address-plan.ts';
import { asRange } from '../network/family.ts';
import { type FirewallName, guardOf, legTowards, type PortRange, placeOf } from '../network/topology.ts';
import type { Site } from './match.ts';
import { notInternal, portText } from './match.ts';
import { computer, external } from './peers.ts';

/** A published connection: the ports that clients call, and those of the server. */
interface Published {
  readonly called: PortRange;
  readonly server: PortRange;
}

/** Whether the rule's server stands behind the firewall; a rule of both firewalls does nothing on the other one. */
export function publishesHere({ server }: PublishingRule, firewall: FirewallName): boolean {
  return guardOf(server) === firewall;
}

/** The access rule that lets the published connections of the listener's network pass, once they have the server's address. */
export function asAccessRule(rule: PublishingRule): AccessRule {
  const { name, server, ftpReadOnly } = rule;
  return {
    name,
    action: 'allow',
    protocols: [turned(rule.protocol)],
    from: [external],
    to: [computer(server)],
    sourcePorts: null,
    ftpReadOnly,
  };
}

/** A definition seen from the clients' side: what they open to the server is outbound in an access rule from them to it. */
function turned(protocol: ProtocolDefinition): ProtocolDefinition {
  const turn = ({ direction, ports }: Connection): Connection => ({
    direction: direction === 'inbound' ? 'outbound' : 'inbound',
    ports,
  });
  return { ...protocol, primary: protocol.primary.map(turn), secondary: protocol.secondary.map(turn) };
}

/** What clients open to the server; the definition's first connection may be published on another port. */
function publishedConnections({ protocol, port }: PublishingRule): Published[] {
  return [...protocol.primary, ...protocol.secondary]
    .filter(({ direction }) => direction === 'inbound')
    .map(({ ports }, index) => ({
      called: port !== null && index === 0 ? [port, port] : ports,
      server: ports,
    }));
}

/** Matches of the packets that open the published control connections, before their destination is translated. */
export function calledControls(rule: PublishingRule, site: Site): string[] {
  const primaries = rule.protocol.primary.length;
  return publishedConnections(rule)
    .slice(0, primaries)
    .map(({ called }) => callMatch(rule, called, site));
}

/** Under NAT the firewall listens in the server's place; under route it does so only for another port (TechNet cc713319). */
export function destinationRules(rule: PublishingRule, site: Site): { match: string; target: string }[] {
  return publishedConnections(rule).flatMap((connection) => {
    const { called, server } = connection;
    if (site.relation !== 'NAT' && called === server) return [];
    const address = addressOf(site.plan, rule.server, site.family);
    const to = called === server ? address : endpointOf(address, server[0]);
    return [
      {
        match: callMatch(rule, called, site),
        target: `DNAT --to-destination ${to}`,
      },
    ];
  });
}

/** The server sees the firewall's inside address, unless the rule keeps that of the client. */
export function sourceRules(rule: PublishingRule, site: Site): { match: string; target: string }[] {
  if (rule.keepClientAddress) return [];
  const { plan, firewall, family } = site;
  const inside = legAddress(plan, firewall, legTowards(firewall, placeOf(rule.server).subnet), family);
  return publishedConnections(rule).map(({ server }) => ({
    match: `${notInternal('-s', site)} -d ${asRange(addressOf(plan, rule.server, family))} -p tcp -m tcp --dport ${portText(server)}`,
    target: `SNAT --to-source ${inside}`,
  }));
}

function callMatch({ server }: PublishingRule, ports: PortRange, site: Site): string {
  const { outside, plan, relation, family } = site;
  const address = relation === 'NAT' ? outside : addressOf(plan, server, family);
  return `${notInternal('-s', site)} -d ${asRange(address)} -p tcp -m tcp --dport ${portText(ports)}`;
}
