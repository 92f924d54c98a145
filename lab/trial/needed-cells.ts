import { LabError } from '../errors.ts';
import { type DriverName, driverNames, isPassive } from '../model/attempt.ts';
import { type Attempt, attemptId } from '../model/cell.ts';
import { clientPrograms } from '../model/drivers.ts';
import { called, type Names, pathCalled } from '../model/names.ts';
import {
  allServerNames,
  type MachineName,
  ownNetwork,
  placeOf,
  type RulesPlace,
  serverNames,
} from '../network/topology.ts';
import { attemptsAcross } from './attempts-across.ts';
import { matcherOf } from './select-cells.ts';

/** Every upload path about which rules decide, by its id `client/server/mode[/driver][/tls][/ipv6]`. */
function knownCells(
  drivers: readonly DriverName[],
  secured: readonly boolean[],
  versions: readonly (true | undefined)[],
  only: RulesPlace | null,
): Map<string, Attempt> {
  const attempts = versions.flatMap((ipv6) =>
    attemptsAcross({ servers: allServerNames(), drivers, tls: secured, ipv6, only }),
  );
  return new Map(attempts.map((attempt) => [attemptId(attempt), attempt]));
}

/**
 * The cells that patterns select: ids without a rule set, whole or from their start, or any one segment; `*` within a
 * segment. Other programs, TLS and IPv6 match only if the pattern names them. Without a pattern, the original report's cells:
 * from Y to External, in the passive modes, which FTP clients use by default. `names`: what hosts are called as well. `host`: the one whose
 * rules decide. Throws LabError `no-match`.
 */
export function neededCells(
  patterns: readonly string[],
  names?: Names,
  host: MachineName | null = null,
): Map<string, Attempt> {
  const usual = knownCells([driverNames[0]], [false], [undefined], host);
  if (patterns.length === 0) return new Map([...usual].filter(([, attempt]) => isReported(attempt)));
  const needed = new Map<string, Attempt>();
  for (const pattern of patterns) {
    const matches = matcherOf(pattern, names);
    const among = (cells: Map<string, Attempt>) => [...cells].filter(([path]) => matches(path, path));
    const plain = among(usual);
    const found =
      plain.length > 0 ? plain : among(knownCells(clientPrograms, [false, true], [undefined, true], host));
    if (pattern.trim() === '' || found.length === 0)
      throw new LabError(
        'usage',
        'no-match',
        host === null
          ? `No cell matches "${pattern}"`
          : `No cell that begins or ends at ${called(host, names)} matches "${pattern}"`,
        `A cell is client/server/mode[/driver][/tls][/ipv6], such as ${pathCalled('y-server/vsftpd/pasv', names)}; * stands for anything within a segment.`,
      );
    for (const [path, attempt] of found) needed.set(path, attempt);
  }
  return needed;
}

function isReported({ client, server, mode }: Attempt): boolean {
  if (!isPassive(mode) || !serverNames().includes(server)) return false;
  // Of a network of one's own nobody knows which uploads were reported.
  return (
    ownNetwork() !== undefined || (placeOf(client).subnet === 'y' && placeOf(server).subnet === 'external')
  );
}
