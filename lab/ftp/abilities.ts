import { type DriverName, driverNames, type TransferMode, transferModes } from './attempt.ts';

/** What a driver can be asked for; the rest the program does not have. */
export interface Abilities {
  readonly modes: readonly TransferMode[];
  /** Whether it speaks FTPS. */
  readonly tls: boolean;
}

/**
 * By the programs' manuals: lftp(1) and Python's ftplib have no EPRT over IPv4, ftplib no EPSV either; tnftp(1) as Debian
 * 12 ships it is built without TLS.
 */
export const abilities: Readonly<Record<DriverName, Abilities>> = {
  'basic-ftp': { modes: transferModes, tls: true },
  curl: { modes: transferModes, tls: true },
  lftp: { modes: ['pasv', 'epsv', 'port'], tls: true },
  tnftp: { modes: transferModes, tls: false },
  ftplib: { modes: ['pasv', 'port'], tls: true },
};

/** The programs that people use: what `all` stands for on the command line. */
export const clientPrograms: readonly DriverName[] = driverNames;

export function isAble(driver: DriverName, mode: TransferMode, tls: boolean): boolean {
  return abilities[driver].modes.includes(mode) && (abilities[driver].tls || !tls);
}
