import {
  type DriverName,
  extendedModes,
  isPassive,
  type StepName,
  stepNames,
  type TransferMode,
  transferModes,
} from '../lab/model/attempt.ts';
import type { Cause } from '../lab/model/cause.ts';
import type { Expectation } from '../lab/model/cell.ts';
import { defaultRule, type IptablesRuleSet } from '../lab/model/rule-set.ts';
import type { ExpectedCells, Scenario } from '../lab/model/scenario.ts';
import type { FirewallName, RulesPlace, ServerName } from '../lab/network/topology.ts';
import { type RuleSetOptions, ruleSet } from '../lab/policy/dsl.ts';

/** The public servers, to which every client uploads. */
export const externalServers = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;

/** The clients behind a firewall. */
const insideClients = ['x-workstation', 'y-server', 'y-workstation'] as const;

export const passiveModes: readonly TransferMode[] = transferModes.filter(isPassive);
export const activeModes: readonly TransferMode[] = transferModes.filter((mode) => !isPassive(mode));

/** What a scenario's rules are, without their name, which is the scenario's. */
export type ScenarioRules = Nameless<RuleSetOptions> | Omit<IptablesRuleSet, 'kind' | 'name'>;

type Nameless<Rules> = Rules extends unknown ? Omit<Rules, 'name'> : never;

/** A scenario, whose name is its rule set's too. Throws LabError as `ruleSet` does. */
export function scenario(
  name: string,
  { ruleSet: rules, ...rest }: Omit<Scenario, 'name' | 'ruleSet'> & { readonly ruleSet: ScenarioRules },
): Scenario {
  return {
    name,
    ruleSet: 'iptables' in rules ? { kind: 'iptables', name, ...rules } : ruleSet({ name, ...rules }),
    ...rest,
  };
}

/** Every step succeeds, and both uploads arrive intact. */
export const uploads: Expectation = {
  uploaded: true,
  cause: 'none',
  steps: Object.fromEntries(stepNames.map((name) => [name, 'ok'])),
};

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

/** Cells by IPv4, and the same by IPv6 in the modes that it has. */
export function byBoth(cells: ExpectedCells): ExpectedCells[] {
  const modes = extendedModes.filter((mode) => (cells.modes ?? transferModes).includes(mode));
  return [cells, { ...cells, modes, ipv6: true }];
}

/** A blocked upload, with every step's outcome. Without `by`, no firewall may be involved. */
export function blocked(
  cause: Cause,
  session: keyof typeof sessions,
  by?: { readonly firewall: RulesPlace; readonly rule: string },
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

/** The login works; the firewall's Default rule drops every data connection. */
export function dataDropped(firewall: FirewallName): Expectation {
  return blocked('data-dropped', 'no-data', { firewall, rule: defaultRule });
}

/** The login works; the server refuses PORT or EPRT, because it names another address than the server sees. */
export const portRefused = blocked('port-command-refused', 'no-data');

/** List and retrieve work; the FTP access filter refuses uploads under the rule. */
export function readOnly(firewall: FirewallName, rule: string): Expectation {
  return blocked('command-refused-by-firewall', 'no-store', { firewall, rule });
}

/** The control connection cannot be opened. */
export function controlDropped(firewall: FirewallName): Expectation {
  return blocked('control-dropped', 'no-connection', { firewall, rule: defaultRule });
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
  }: Partial<Pick<ExpectedCells, 'modes' | 'drivers' | 'tls' | 'ipv6' | 'named' | 'repeat'>> = {},
): ExpectedCells {
  return { clients: ['y-workstation'], servers: [server], modes, expect, ...rest };
}

/**
 * Cells of every client behind a firewall with every External server. If an expectation names a firewall, it is the client's own, since
 * no other is on the path.
 */
export function toExternal(
  expect: Expectation | ((firewall: FirewallName) => Expectation),
  modes: readonly TransferMode[] = transferModes,
): ExpectedCells[] {
  if (typeof expect !== 'function')
    return [{ clients: insideClients, servers: externalServers, modes, expect }];
  return insideClients.map((client) => ({
    clients: [client],
    servers: externalServers,
    modes,
    expect: expect(client.startsWith('x-') ? 'isa-x' : 'isa-y'),
  }));
}

/** Cells of a client in External with a server in Y. */
export function fromOutside(
  expect: Expectation,
  {
    servers = ['y-server'],
    ...rest
  }: Partial<Pick<ExpectedCells, 'servers' | 'modes' | 'drivers' | 'tls'>> = {},
): ExpectedCells {
  return { clients: ['customer'], servers, expect, ...rest };
}

/** Cells of the X client with the Y server, across both firewalls. */
export function acrossBoth(expect: Expectation): ExpectedCells[] {
  return [{ clients: ['x-workstation'], servers: ['y-server'], expect }];
}

/**
 * The usual client programs, each in its own passive and active mode, from one client to one server. Results may
 * differ, because each program falls back in its own way.
 */
export function byClientPrograms(
  passive: Expectation | ((driver: DriverName) => Expectation),
  active: Expectation,
): ExpectedCells[] {
  const places = { clients: ['y-workstation'], servers: ['vsftpd'] } as const;
  return Object.entries(ownModes).flatMap(([name, modes]) => {
    const driver = name as DriverName;
    const expected = typeof passive === 'function' ? passive(driver) : passive;
    return [
      { ...places, drivers: [driver], modes: [modes.passive], expect: expected },
      { ...places, drivers: [driver], modes: [modes.active], expect: active },
    ];
  });
}

/** The transfer mode that a program chooses by itself, and the one that it chooses if told to be active. */
const ownModes = {
  curl: { passive: 'epsv', active: 'eprt' },
  lftp: { passive: 'pasv', active: 'port' },
  tnftp: { passive: 'epsv', active: 'eprt' },
  ftplib: { passive: 'pasv', active: 'port' },
} as const satisfies Partial<Record<DriverName, { passive: TransferMode; active: TransferMode }>>;
