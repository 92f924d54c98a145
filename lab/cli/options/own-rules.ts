import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { transferModes } from '../../model/attempt.ts';
import type { Attempt } from '../../model/cell.ts';
import { isAble } from '../../model/drivers.ts';
import type { OwnAddresses } from '../../network/own-addresses.ts';
import {
  allServerNames,
  type ClientName,
  clientNames,
  type FirewallName,
  firewallNames,
  firewallsBetween,
  serverNames,
} from '../../network/topology.ts';
import { isModule, type RulesFile, readRulesFile } from '../../trial/rules-file.ts';
import { oneOf } from '../context.ts';
import { addDriverOptions, type DriverOptions, programsOf, refuseUnable } from './drivers.ts';
import {
  type AddressOptions,
  addAddressOptions,
  collectNamed,
  type Named,
  ownAddressesOf,
} from './own-addresses.ts';

/** What the commands that try a user's file are told of it. */
export interface OwnRulesOptions extends AddressOptions, DriverOptions {
  readonly firewall?: string;
  readonly ipset?: string;
  readonly client?: Named[];
  readonly server?: Named[];
  readonly mode?: string[];
}

export const fileHelp = `
FILE is a rule set in TypeScript (.ts, .mts, .js, .mjs) whose default export is a rule set of isa-ftp-lab, in
force on both firewalls; or any other file, as iptables-save prints it, in force on one firewall: the cells are
then those whose way leads through that firewall alone.

A file from production stays as it is; the lab takes on what production has: its interfaces' names, its ranges, the
addresses that the rules name. What the lab lacks all the same is listed with its lines, and whether it can matter.
  --inside eth1 --outside ppp0=203.0.113.5 --subnet y=10.1.2.0/24 --subnet external=203.0.113.0/24
  --client y-server=10.1.2.15 --server vsftpd=203.0.113.77 --ipset sets.save`;

/** Gives a command the options about a user's file. */
export function addOwnRulesOptions(command: Command): Command {
  command.option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")');
  addAddressOptions(command)
    .option('--ipset <file>', 'the sets that an iptables-save file refers to, as ipset save prints them')
    .option(
      '--client <name[=address]>',
      'only from this client, and its address (may be given again)',
      collectNamed,
    )
    .option(
      '--server <name[=address]>',
      'only to this server, and its address (may be given again)',
      collectNamed,
    )
    .option('--mode <mode>', 'only in this transfer mode (may be given again)', collect);
  addDriverOptions(command);
  return command;
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** A user's rules, the addresses that the lab is to have for them, and what is to be attempted. */
export interface OwnRules {
  readonly file: RulesFile;
  readonly own: OwnAddresses;
  readonly attempts: readonly Attempt[];
}

/**
 * Reads a user's file under these options. `usualClients` try where none is named; by default all do. Throws LabError
 * `usage` for whatever is wrong with the file or the options.
 */
export async function readOwnRules(
  file: string,
  options: OwnRulesOptions,
  usualClients: (firewall: FirewallName) => readonly ClientName[] = () => clientNames,
): Promise<OwnRules> {
  const firewall = oneOf('firewall', options.firewall ?? 'isa-y', firewallNames);
  const filters = filtersOf(options, usualClients(firewall));
  const { client = [], server = [], ipset } = options;
  const own = ownAddressesOf(options, [...client, ...server], firewall);
  if (isModule(file)) refuseForModule(file, options);
  const attempts = attemptsOf(filters, isModule(file) ? null : firewall);
  const addressesKnown = attempts.every((cell) => own.addresses[cell.client] && own.addresses[cell.server]);
  const surroundings = { own, addressesKnown, ...(ipset === undefined ? {} : { ipset }) };
  return { file: await readRulesFile(file, firewall, surroundings), own, attempts };
}

/** Options about one firewall's own file say nothing of a rule set. */
function refuseForModule(file: string, options: OwnRulesOptions): void {
  const option = (['firewall', 'inside', 'outside', 'ipset'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (option === undefined) return;
  throw new LabError(
    'usage',
    'option-not-applicable',
    `--${option} does not go with ${file}: a rule set speaks for both firewalls`,
    `Leave --${option} out, or choose cells by --client and --server.`,
  );
}

type Filters = ReturnType<typeof filtersOf>;

function filtersOf(
  { client, server, mode, driver, tls }: OwnRulesOptions,
  usualClients: readonly ClientName[],
) {
  const modes = mode?.map((name) => oneOf('transfer mode', name, transferModes));
  const options = { ...(driver ? { driver } : {}), ...(tls ? { tls } : {}) };
  refuseUnable(options, modes);
  return {
    ...programsOf(options),
    clients: client?.map(({ name }) => oneOf('client', name, clientNames)) ?? usualClients,
    servers: server?.map(({ name }) => oneOf('server', name, allServerNames)) ?? serverNames,
    modes: modes ?? transferModes,
  };
}

/** Every attempt that crosses a firewall; with `only`, those that cross that one and no other. */
function attemptsOf(filters: Filters, only: FirewallName | null): Attempt[] {
  const { clients, servers, modes, drivers, tls } = filters;
  const attempts = clients.flatMap((client) =>
    servers.flatMap((server) => {
      const crossed = firewallsBetween(client, server);
      const wanted = only === null ? crossed.length > 0 : crossed.join() === only;
      if (!wanted) return [];
      return drivers.flatMap((driver) =>
        modes.flatMap((mode) => (isAble(driver, mode, tls) ? [{ client, server, mode, driver, tls }] : [])),
      );
    }),
  );
  if (attempts.length > 0) return attempts;
  throw new LabError(
    'usage',
    'nothing-to-try',
    `No way from ${clients.join(', ')} to ${servers.join(', ')} crosses ${only === null ? 'a firewall' : `${only} alone`}`,
    'Leave --client or --server out, or choose another --firewall.',
  );
}
