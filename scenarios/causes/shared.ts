import type { RuleSet } from '../../lab/model/rule-set.ts';
import type { Scenario } from '../../lab/model/scenario.ts';
import { allow, external, internal, route, ruleSet } from '../../lab/policy/dsl.ts';
import { ftpFilter } from '../ftp-filter.ts';

/** The rules of another scenario under a new name. */
export function rulesOf({ ruleSet }: Scenario, name: string): Scenario['ruleSet'] {
  return { ...ruleSet, name };
}

/** The rules of `ftp-filter` under another name: no firewall blocks an upload. */
export function ftpFilterAs(name: string): Scenario['ruleSet'] {
  return rulesOf(ftpFilter, name);
}

/** All outbound traffic allowed, without the FTP access filter: nothing reads the control connection. */
export function allOutboundAs(name: string): RuleSet {
  return ruleSet({
    name,
    description: 'All outbound traffic, without the FTP access filter.',
    both: {
      networkRule: route(),
      accessRules: [allow('All outbound', { protocols: 'all', from: [internal], to: [external] })],
    },
  });
}

/** A firewall written in iptables: rules of FORWARD and of raw PREROUTING; everything else is dropped. */
export function iptablesRules(forward: readonly string[], raw: readonly string[] = []): string {
  return `${[
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    ...raw.map((rule) => `-A PREROUTING ${rule}`),
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...forward.map((rule) => `-A FORWARD ${rule}`),
    'COMMIT',
  ].join('\n')}\n`;
}
