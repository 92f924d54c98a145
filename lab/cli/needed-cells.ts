import { scenarios } from '../../scenarios/index.ts';
import { LabError } from '../errors.ts';
import { driverNames, isPassive } from '../ftp/attempt.ts';
import { firewallsBetween, placeOf } from '../network/topology.ts';
import { type Attempt, cellId } from '../verdict/cell.ts';
import { cellsOf } from '../verdict/scenario.ts';
import { matcherOf } from './select-cells.ts';

/** Every cell that a scenario tries, whatever the rule set, by its path `client/server/mode[/driver][/tls]`. */
function knownCells(): Map<string, Attempt> {
  const keys = scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key));
  return new Map(
    keys
      .filter(({ client, server }) => firewallsBetween(client, server).length > 0)
      .map(({ ruleSet, ...attempt }) => [cellId({ ruleSet, ...attempt }).slice(ruleSet.length + 1), attempt]),
  );
}

/**
 * The cells that patterns select: paths without a rule set, whole or from their start, or any one segment; `*` within a
 * segment. Without a pattern, the report's: from Y to External, in the passive modes, which is what FTP clients use unless
 * told otherwise. Throws LabError `no-match`.
 */
export function neededCells(patterns: readonly string[]): Map<string, Attempt> {
  const known = knownCells();
  if (patterns.length === 0) return new Map([...known].filter(([, attempt]) => isReported(attempt)));
  const needed = new Map<string, Attempt>();
  for (const pattern of patterns) {
    const matches = matcherOf(pattern);
    const found = [...known].filter(([path]) => matches(path, path));
    if (pattern.trim() === '' || found.length === 0)
      throw new LabError(
        'usage',
        'no-match',
        `No cell matches "${pattern}"`,
        'A cell is client/server/mode[/driver][/tls], such as y-server/vsftpd/pasv; * stands for anything within a segment.',
      );
    for (const [path, attempt] of found) needed.set(path, attempt);
  }
  return needed;
}

function isReported({ client, server, mode, driver, tls }: Attempt): boolean {
  const usual = driver === driverNames[0] && !tls;
  return usual && placeOf(client).subnet === 'y' && placeOf(server).subnet === 'external' && isPassive(mode);
}
