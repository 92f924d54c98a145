import { LabError } from '../errors.ts';
import { list } from '../list.ts';
import { type DriverName, driverNames, extendedModes, type TransferMode, transferModes } from './attempt.ts';

/** What a driver can do; the program lacks the rest. */
export interface Abilities {
  readonly modes: readonly TransferMode[];
  /** Over IPv6. Default: the same. */
  readonly modes6?: readonly TransferMode[];
  /** Whether it speaks FTPS. */
  readonly tls: boolean;
}

/**
 * By the programs' manuals: lftp(1) and Python's ftplib have no EPRT over IPv4, ftplib no EPSV either; over IPv6 all of them have these
 * alone, but basic-ftp, which here sends PASV and PORT all the same, to show what a server says to that; tnftp(1) as Debian 12 ships it is built without TLS.
 */
const abilities: Readonly<Record<DriverName, Abilities>> = {
  'basic-ftp': { modes: transferModes, tls: true },
  curl: { modes: transferModes, modes6: extendedModes, tls: true },
  lftp: { modes: ['pasv', 'epsv', 'port'], modes6: extendedModes, tls: true },
  tnftp: { modes: transferModes, modes6: extendedModes, tls: false },
  ftplib: { modes: ['pasv', 'port'], modes6: extendedModes, tls: true },
  'split-lines': { modes: ['port', 'eprt'], modes6: ['eprt'], tls: false },
  ascii: { modes: transferModes, modes6: extendedModes, tls: false },
  // What mod_proxy_ftp begins with; the client cannot choose. The firewall's proxy is called by IPv4.
  'web-proxy': { modes: ['epsv'], modes6: [], tls: false },
};

/**
 * Ordinary programs: what `all` stands for on the command line. Each of the other drivers has one peculiarity, to show its
 * effect: `split-lines` is basic-ftp whose PORT or EPRT line leaves in two TCP segments; `ascii` is tnftp after its
 * user typed `ascii`, the transfer type that Windows' ftp.exe starts with; `web-proxy` is
 * curl that speaks HTTP to the firewall's web proxy, as a browser with a proxy set does.
 */
export const clientPrograms: readonly DriverName[] = ['basic-ftp', 'curl', 'lftp', 'tnftp', 'ftplib'];

/** What is asked of a driver. */
export interface Demand {
  readonly mode: TransferMode;
  readonly tls: boolean;
  readonly ipv6?: true | undefined;
  readonly named?: true | undefined;
}

export function isAble(driver: DriverName, { mode, tls, ipv6, named }: Demand): boolean {
  const [modes, modes6] = [modesOf(driver, undefined), modesOf(driver, true)];
  const able = named ? modes.filter((one) => modes6.includes(one)) : ipv6 ? modes6 : modes;
  return able.includes(mode) && (abilities[driver].tls || !tls);
}

function modesOf(driver: DriverName, ipv6: true | undefined): readonly TransferMode[] {
  const { modes, modes6 = modes } = abilities[driver];
  return ipv6 ? modes6 : modes;
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
  ipv6?: true,
): void {
  for (const name of words) {
    if (name === 'all') continue;
    const own = modesOf(name, ipv6);
    if (tls && !abilities[name].tls)
      throw unable(`${name} does not speak FTPS`, 'Leave --tls out, or choose another --driver.');
    for (const mode of modes ?? [])
      if (!isAble(name, { mode, tls, ipv6 }))
        throw unable(
          `${name} has no ${mode}${ipv6 ? ' over IPv6' : ''}`,
          own.length > 0 ? `It can be run in ${list(own)}.` : 'It can be run over IPv4 alone.',
        );
  }
}

function unable(message: string, hint: string): LabError {
  return new LabError('usage', 'driver-unable', message, hint);
}
