import { type Command, Option } from 'commander';
import { LabError } from '../../errors.ts';
import { list } from '../../list.ts';
import { type DriverName, driverNames, type TransferMode } from '../../model/attempt.ts';
import { abilities, clientPrograms, isAble } from '../../model/drivers.ts';
import { oneOf } from '../context.ts';

export interface DriverOptions {
  readonly driver?: readonly string[];
  readonly tls?: boolean;
}

/** Which programs make the attempts, and whether with TLS. */
export interface Programs {
  readonly drivers: readonly DriverName[];
  readonly tls: boolean;
}

/** `--driver` and `--tls`, as `run` and `try` have them. */
export function addDriverOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--driver <name>',
        `by this client program: ${driverNames.join(', ')}, or all (may be given again)`,
      ).argParser((name: string, earlier: string[] | undefined) => [...(earlier ?? []), name]),
    )
    .option('--tls', 'over explicit FTPS (AUTH TLS, PROT P)');
}

/** The programs asked for, in the order of {@link driverNames}; the usual one where none is. Throws LabError `usage`. */
export function programsOf({ driver, tls = false }: DriverOptions): Programs {
  const words = (driver ?? [driverNames[0]]).map((name) =>
    oneOf('driver', name, [...driverNames, 'all'] as const),
  );
  const named = words.flatMap((name) => (name === 'all' ? clientPrograms : [name]));
  return { drivers: driverNames.filter((name) => named.includes(name)), tls };
}

/** Throws LabError `driver-unable` where a driver and a mode that were both asked for by name do not go together. */
export function refuseUnable(
  { driver = [], tls = false }: DriverOptions,
  modes: readonly TransferMode[] | undefined,
): void {
  for (const name of programsOf({ driver: driver.filter((one) => one !== 'all') }).drivers) {
    const { modes: own, tls: speaksTls } = abilities[name];
    if (tls && !speaksTls)
      throw unable(`${name} speaks no FTPS`, 'Leave --tls out, or choose another --driver.');
    for (const mode of modes ?? [])
      if (!isAble(name, mode, tls)) throw unable(`${name} has no ${mode}`, `It can be run in ${list(own)}.`);
  }
}

function unable(message: string, hint: string): LabError {
  return new LabError('usage', 'driver-unable', message, hint);
}
