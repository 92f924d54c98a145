import {
  type DriverName,
  isPassive,
  type StepName,
  type TransferMode,
  transferModes,
} from '../lab/model/attempt.ts';
import type { Expectation } from '../lab/model/cell.ts';
import { defaultRule } from '../lab/model/rule-set.ts';
import type { ExpectedCells } from '../lab/model/scenario.ts';
import {
  type ClientName,
  clientNames,
  type FirewallName,
  guardOf,
  type UsualServerName,
} from '../lab/network/topology.ts';

/** The public servers, to which every client uploads. */
export const externalServers: readonly UsualServerName[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

export const passiveModes: readonly TransferMode[] = transferModes.filter(isPassive);
export const activeModes: readonly TransferMode[] = transferModes.filter((mode) => !isPassive(mode));

type Steps = Required<Expectation>['steps'];

/** The outcome of every step, given those of the four transfers. */
function loggedIn(transfers: Record<Exclude<StepName, 'connect' | 'login'>, 'ok' | 'failed'>): Steps {
  return { connect: 'ok', login: 'ok', ...transfers };
}

const noTransfer = loggedIn({
  list: 'failed',
  'store-small': 'failed',
  'store-large': 'failed',
  retrieve: 'failed',
});

/** Every step succeeds, and both uploads arrive intact. */
export const uploads: Expectation = {
  uploaded: true,
  cause: 'none',
  steps: loggedIn({ list: 'ok', 'store-small': 'ok', 'store-large': 'ok', retrieve: 'ok' }),
};

/** The login works; the firewall's Default rule drops every data connection. */
export function dataDropped(firewall: FirewallName): Expectation {
  return {
    uploaded: false,
    cause: 'data-dropped',
    failedAt: 'store-small',
    firewall,
    rule: defaultRule,
    steps: noTransfer,
  };
}

/** The login works; the server refuses PORT or EPRT, because it names another address than the server sees. */
export const portRefused: Expectation = {
  uploaded: false,
  cause: 'port-command-refused',
  failedAt: 'store-small',
  steps: noTransfer,
};

/** List and retrieve work; the FTP access filter refuses uploads under the rule. */
export function readOnly(firewall: FirewallName, rule: string): Expectation {
  return {
    uploaded: false,
    cause: 'command-refused-by-firewall',
    failedAt: 'store-small',
    firewall,
    rule,
    steps: loggedIn({ list: 'ok', 'store-small': 'failed', 'store-large': 'failed', retrieve: 'ok' }),
  };
}

/** The control connection cannot be opened. */
export function controlDropped(firewall: FirewallName): Expectation {
  return {
    uploaded: false,
    cause: 'control-dropped',
    failedAt: 'connect',
    firewall,
    rule: defaultRule,
    steps: {
      connect: 'failed',
      login: 'skipped',
      list: 'skipped',
      'store-small': 'skipped',
      'store-large': 'skipped',
      retrieve: 'skipped',
    },
  };
}

/**
 * Cells of every client with every External server. If an expectation names a firewall, it is the client's own, since
 * no other is on the path.
 */
export function toExternal(
  expect: Expectation | ((firewall: FirewallName) => Expectation),
  modes: readonly TransferMode[] = transferModes,
): ExpectedCells[] {
  if (typeof expect !== 'function')
    return [{ clients: clientNames, servers: externalServers, modes, expect }];
  return clientNames.map((client) => ({
    clients: [client],
    servers: externalServers,
    modes,
    expect: expect(firewallInFrontOf(client)),
  }));
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

function firewallInFrontOf(client: ClientName): FirewallName {
  const firewall = guardOf(client);
  if (!firewall) throw new Error(`No firewall guards ${client}`);
  return firewall;
}
