import { LabError } from '../errors.ts';
import type { Peer, PublishingRule, RuleSet } from '../model/rule-set.ts';
import { endNames, firewallNames, guardOf, machineNames, subnetNames } from '../network/topology.ts';
import { suggestionFor } from '../suggest.ts';

/**
 * Throws LabError `host-unknown`, `subnet-unknown` or `firewall-unknown`, with the path, if a rule set names what the network in use does
 * not have, and `publishing-rule-malformed` if it publishes a server on no firewall in front of it.
 */
export function checkNames({ firewalls, hosts = {} }: RuleSet): void {
  for (const [firewall, { accessRules }] of Object.entries(firewalls)) {
    refuseUnknown('firewall', firewall, firewallNames(), 'firewalls');
    for (const [index, rule] of accessRules.entries()) {
      const path = `firewalls.${firewall}.accessRules[${index}]`;
      if (rule.action === 'publish') {
        refuseUnknown('host', rule.server, endNames(), `${path}.server`);
        checkPublishing(rule, firewall, firewalls);
        continue;
      }
      for (const side of ['from', 'to'] as const)
        for (const [at, peer] of rule[side].entries()) checkPeer(peer, `${path}.${side}[${at}]`);
    }
  }
  for (const host of Object.keys(hosts)) refuseUnknown('host', host, machineNames(), 'hosts');
}

function checkPeer(peer: Peer, path: string): void {
  if (peer.kind === 'subnet') refuseUnknown('subnet', peer.subnet, subnetNames(), path);
  if (peer.kind === 'computer') refuseUnknown('host', peer.host, endNames(), path);
}

function checkPublishing(rule: PublishingRule, firewall: string, all: RuleSet['firewalls']): void {
  const guard = guardOf(rule.server);
  const own = guard === undefined ? undefined : all[guard];
  // A policy for all firewalls publishes the servers behind each.
  if (guard === firewall || own?.accessRules.some(({ name }) => name === rule.name)) return;
  throw new LabError(
    'usage',
    'publishing-rule-malformed',
    `Server publishing rule "${rule.name}" publishes ${rule.server}, which does not stand behind ${firewall}`,
    'Put the rule on the firewall in front of the server.',
  );
}

function refuseUnknown(what: string, name: string, known: readonly string[], path: string): void {
  if (known.includes(name)) return;
  throw new LabError(
    'usage',
    `${what}-unknown`,
    `${path}: there is no ${what} "${name}"`,
    suggestionFor(name, known),
  );
}
