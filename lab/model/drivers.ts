import { LabError } from '../errors.ts';
import { list } from '../list.ts';
import { type DriverName, driverNames, type TransferMode, transferModes } from './attempt.ts';

/** What a driver can do; the program lacks the rest. */
export interface Abilities {
  readonly modes: readonly TransferMode[];
  /** Whether it speaks FTPS. */
  readonly tls: boolean;
}

/**
 * By the programs' manuals: lftp(1) and Python's ftplib have no EPRT over IPv4, ftplib no EPSV either; tnftp(1) as Debian
 * 12 ships it is built without TLS.
 */
const abilities: Readonly<Record<DriverName, Abilities>> = {
  'basic-ftp': { modes: transferModes, tls: true },
  curl: { modes: transferModes, tls: true },
  lftp: { modes: ['pasv', 'epsv', 'port'], tls: true },
  tnftp: { modes: transferModes, tls: false },
  ftplib: { modes: ['pasv', 'port'], tls: true },
  'split-lines': { modes: ['port', 'eprt'], tls: false },
  ascii: { modes: transferModes, tls: false },
  // What mod_proxy_ftp begins with; the client cannot choose.
  'web-proxy': { modes: ['epsv'], tls: false },
};

/**
 * Ordinary programs: what `all` stands for on the command line. Each of the other drivers has one peculiarity, to show its
 * effect: `split-lines` is basic-ftp whose PORT or EPRT line leaves in two TCP segments; `ascii` is tnftp after its
 * user typed `ascii`, the transfer type that Windows' ftp.exe starts with; `web-proxy` is
 * curl that speaks HTTP to the firewall's web proxy, as a browser with a proxy set does.
 */
export const clientPrograms: readonly DriverName[] = ['basic-ftp', 'curl', 'lftp', 'tnftp', 'ftplib'];

export function isAble(driver: DriverName, mode: TransferMode, tls: boolean): boolean {
  return abilities[driver].modes.includes(mode) && (abilities[driver].tls || !tls);
}

/** A driver, or all client programs as people have them. */
export type DriverWord = DriverName | 'all';

/** The drivers that words stand for, in the order of {@link driverNames}. Default: the usual one. */
export function driversOf(words: readonly DriverWord[] = [driverNames[0]]): DriverName[] {
  const named = words.flatMap((word) => (word === 'all' ? clientPrograms : [word]));
  return driverNames.filter((name) => named.includes(name));
}

/** Throws LabError `driver-unable` if a driver lacks a mode, or TLS, and both were asked for by name: `all` skips such a driver. */
export function refuseUnable(
  words: readonly DriverWord[],
  modes: readonly TransferMode[] | undefined,
  tls: boolean,
): void {
  for (const name of words) {
    if (name === 'all') continue;
    const { modes: own, tls: speaksTls } = abilities[name];
    if (tls && !speaksTls)
      throw unable(`${name} does not speak FTPS`, 'Leave --tls out, or choose another --driver.');
    for (const mode of modes ?? [])
      if (!isAble(name, mode, tls)) throw unable(`${name} has no ${mode}`, `It can be run in ${list(own)}.`);
  }
}

function unable(message: string, hint: string): LabError {
  return new LabError('usage', 'driver-unable', message, hint);
}
