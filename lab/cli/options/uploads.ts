import type { Command } from 'commander';
import { driverNames, transferModes } from '../../model/attempt.ts';
import type { DriverWord } from '../../model/drivers.ts';
import { type Names, oneHostOf } from '../../model/names.ts';
import { allServerNames, clientNames } from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import type { Uploads } from '../../trial/try.ts';
import { oldSpelling } from './old-spellings.ts';

export interface ProgramOptions {
  readonly driver?: DriverWord[];
  readonly tls?: true;
  readonly ipv6?: true;
}

export interface UploadOptions extends ProgramOptions {
  readonly client?: string[];
  readonly server?: string[];
  readonly mode?: NonNullable<Uploads['modes']>[number][];
}

/** Adds `--driver`, `--tls` and `--ipv6`: which programs make the attempts, and how. */
export function addProgramOptions(command: Command): Command {
  return command
    .option(
      '--driver <name>',
      `use this client program: ${driverNames.join(', ')}, or all (may be given again)`,
      collect('driver', [...driverNames, 'all'] as const),
    )
    .option('--tls', 'use explicit FTPS (AUTH TLS, PROT P)')
    .option('--ipv6', 'call the servers by IPv6 (under a file of ip6tables-save by default)');
}

/** Adds the options that choose uploads. */
export function addUploadOptions(command: Command): Command {
  command
    .optionsGroup('Which uploads:')
    .option('--client <name>', 'only from this client (may be given again)', hosts('client'))
    .option('--server <name>', 'only to this server (may be given again)', hosts('server'))
    .option(
      '--mode <mode>',
      `only in this transfer mode: ${transferModes.join(', ')} (may be given again)`,
      collect('transfer mode', transferModes),
    );
  return addProgramOptions(command).optionsGroup('Options:');
}

/** The chosen uploads. Throws LabError `unknown-word` for a client or server that does not exist. */
export function uploadsOf({ client, server, mode, driver, tls, ipv6 }: UploadOptions, names: Names): Uploads {
  return {
    clients: client?.map((word) => oneHostOf('client', word, clientNames(), names)),
    servers: server?.map((word) => oneHostOf('server', word, allServerNames(), names)),
    modes: mode,
    drivers: driver,
    tls,
    ipv6,
  };
}

/** Parses a repeatable option whose value is a host's name, which may be the user's own. */
function hosts(what: string): (text: string, earlier?: string[]) => string[] {
  return (text, earlier = []) => [...earlier, withoutAddress(what, text)];
}

/** Parses a repeatable option whose value is one of `known`. */
export function collect<Word extends string>(
  what: string,
  known: readonly Word[],
): (text: string, earlier?: Word[]) => Word[] {
  return (text, earlier = []) => [...earlier, oneOf(what, withoutAddress(what, text), known)];
}

function withoutAddress(what: string, text: string): string {
  const [name = '', address] = text.split('=');
  if (address === undefined) return text;
  throw oldSpelling(
    `--${what} only chooses uploads and takes no address`,
    `--host ${name}=${address} (and --${what} ${name})`,
  );
}
