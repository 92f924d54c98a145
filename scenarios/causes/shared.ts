import { type StepName, stepNames } from '../../lab/model/attempt.ts';
import type { Cause } from '../../lab/model/cause.ts';
import type { Expectation } from '../../lab/model/cell.ts';
import { defaultRule, type RuleSet } from '../../lab/model/rule-set.ts';
import type { ExpectedCells, Scenario } from '../../lab/model/scenario.ts';
import type { FirewallName, ServerName } from '../../lab/network/topology.ts';
import { allow, external, internal, route, ruleSet } from '../../lab/policy/dsl.ts';
import { ftpFilter } from '../ftp-filter.ts';

/** How far a session gets under a cause: its first failing step, with the steps that fail as well. */
const sessions = {
  /** The control connection cannot be opened. */
  'no-connection': { failedAt: 'connect', works: [] },
  'no-login': { failedAt: 'login', works: ['connect'] },
  /** The login works, but no data connection can be opened. */
  'no-data': { failedAt: 'store-small', works: ['connect', 'login'] },
  /** Only uploads fail. */
  'no-store': { failedAt: 'store-small', works: ['connect', 'login', 'list', 'retrieve'] },
  /** Only the large upload fails. */
  'no-large-store': {
    failedAt: 'store-large',
    works: ['connect', 'login', 'list', 'store-small', 'retrieve'],
  },
  /** Long transfers fail, in both directions. */
  'no-large-file': { failedAt: 'store-large', works: ['connect', 'login', 'list', 'store-small'] },
} as const satisfies Record<string, { readonly failedAt: StepName; readonly works: readonly StepName[] }>;

/** A blocked upload, with every step's outcome. Without `by`, no firewall may be involved. */
export function blocked(
  cause: Cause,
  session: keyof typeof sessions,
  by?: { readonly firewall: FirewallName; readonly rule: string },
): Expectation {
  const { failedAt, works } = sessions[session];
  const loggedIn = failedAt !== 'connect' && failedAt !== 'login';
  const outcome = (name: StepName) =>
    (works as readonly StepName[]).includes(name)
      ? 'ok'
      : loggedIn || name === failedAt
        ? 'failed'
        : 'skipped';
  return {
    uploaded: false,
    cause,
    failedAt,
    ...by,
    steps: Object.fromEntries(stepNames.map((name) => [name, outcome(name)])),
  };
}

/** isa-y's Default rule. */
export const byDefaultRule = { firewall: 'isa-y', rule: defaultRule } as const;

/** Cells of one client in Y; by default in one passive and one active mode. */
export function fromY(
  server: ServerName,
  expect: Expectation,
  {
    modes = ['pasv', 'port'],
    ...rest
  }: Partial<Pick<ExpectedCells, 'modes' | 'drivers' | 'tls' | 'repeat'>> = {},
): ExpectedCells {
  return { clients: ['y-workstation'], servers: [server], modes, expect, ...rest };
}

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
