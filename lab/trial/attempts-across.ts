import {
  type DriverName,
  driverNames,
  extendedModes,
  type TransferMode,
  transferModes,
} from '../model/attempt.ts';
import type { Attempt } from '../model/cell.ts';
import { isAble } from '../model/drivers.ts';
import {
  type ClientName,
  clientNames,
  firewallsBetween,
  guardOf,
  isDecidedAt,
  type RulesPlace,
  type ServerName,
  serverNames,
} from '../network/topology.ts';

/**
 * Which attempts to make. Default: by every client, to each of the three servers, in every mode (by IPv6: in those that it has), by
 * basic-ftp, without TLS.
 */
export interface AttemptChoice {
  readonly clients?: readonly ClientName[] | undefined;
  readonly servers?: readonly ServerName[] | undefined;
  readonly modes?: readonly TransferMode[] | undefined;
  readonly drivers?: readonly DriverName[] | undefined;
  /** With TLS, without, or both. */
  readonly tls?: readonly boolean[] | undefined;
  /** By IPv6, or by IPv4. */
  readonly ipv6?: true | undefined;
  /** The only place whose rules decide; `null`, the default, for any firewalls on the path. */
  readonly only?: RulesPlace | null;
}

/** Every chosen attempt about which rules decide and that its program can make. */
export function attemptsAcross({
  clients = clientNames(),
  servers = serverNames(),
  modes,
  drivers = [driverNames[0]],
  tls: secured = [false],
  ipv6,
  only = null,
}: AttemptChoice = {}): Attempt[] {
  const attempts: Attempt[] = [];
  for (const client of clients)
    for (const server of servers) {
      const chosen =
        only === null ? firewallsBetween(client, server).length > 0 : isDecidedAt(only, client, server);
      if (!chosen) continue;
      for (const driver of drivers) {
        // The web proxy is the firewall's in front of the client.
        if (driver === 'web-proxy' && guardOf(client) === undefined) continue;
        for (const mode of modes ?? (ipv6 ? extendedModes : transferModes))
          for (const tls of secured)
            if (isAble(driver, { mode, tls, ipv6 }))
              attempts.push({ client, server, mode, driver, tls, ...(ipv6 && { ipv6 }) });
      }
    }
  return attempts;
}
