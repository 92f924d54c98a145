import type { Scenario } from '../../lab/model/scenario.ts';
import { allow, external, internal, route } from '../../lab/policy/dsl.ts';
import { ftpFilter } from '../ftp-filter.ts';
import type { ScenarioRules } from '../shared.ts';

/** The rules of another scenario under a new name. */
export function rulesOf({ ruleSet: { name: _name, ...rules } }: Scenario): ScenarioRules {
  return rules;
}

/** The rules of `ftp-filter` under another name: no firewall blocks an upload. */
export const ftpFilterRules = rulesOf(ftpFilter);

/** All outbound traffic allowed, without the FTP access filter: nothing reads the control connection. */
export const allOutbound: ScenarioRules = {
  description: 'All outbound traffic, without the FTP access filter.',
  both: {
    networkRule: route(),
    accessRules: [allow('All outbound', { protocols: 'all', from: [internal], to: [external] })],
  },
};

/**
 * A firewall written in iptables: rules of FORWARD and of raw PREROUTING; everything else is dropped. `input`: what becomes of what is for
 * itself; by IPv6 neighbour discovery is.
 */
export function iptablesRules(
  forward: readonly string[],
  raw: readonly string[] = [],
  input: 'ACCEPT' | 'DROP' = 'DROP',
): string {
  return `${[
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    ...raw.map((rule) => `-A PREROUTING ${rule}`),
    'COMMIT',
    '*filter',
    `:INPUT ${input} [0:0]`,
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...forward.map((rule) => `-A FORWARD ${rule}`),
    'COMMIT',
  ].join('\n')}\n`;
}
