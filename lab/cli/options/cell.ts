import { scenarios } from '../../../scenarios/index.ts';
import { LabError } from '../../errors.ts';
import { driverNames, transferModes } from '../../model/attempt.ts';
import type { CellKey } from '../../model/cell.ts';
import { allServerNames, clientNames } from '../../network/topology.ts';
import { oneOf } from '../context.ts';
import { refuseUnable } from './drivers.ts';

/** What the usage says a cell is. */
const form = 'A cell is rule-set/client/server/mode[/driver][/tls], as in as-reported/y-server/vsftpd/pasv.';

/**
 * Reads a cell's id, whether or not a scenario has that cell; `ruleSets` are the rule sets that there are. Throws LabError
 * `usage` that names the word that is wrong, or `driver-unable`.
 */
export function parseCell(
  text: string,
  ruleSets: readonly string[] = scenarios.map(({ ruleSet }) => ruleSet.name),
): CellKey {
  const [ruleSet = '', client, server, mode, ...rest] = text.split('/');
  if (client === undefined || server === undefined || mode === undefined || rest.length > 2)
    throw new LabError('usage', 'no-cell', `"${text}" is no cell`, form);
  const tls = rest.at(-1) === 'tls';
  const [driver = driverNames[0], more] = tls ? rest.slice(0, -1) : rest;
  if (more !== undefined) throw new LabError('usage', 'no-cell', `"${text}" is no cell`, form);
  const key = {
    ruleSet: oneOf('rule set', ruleSet, ruleSets),
    client: oneOf('client', client, clientNames),
    server: oneOf('server', server, allServerNames),
    mode: oneOf('transfer mode', mode, transferModes),
    driver: oneOf('driver', driver, driverNames),
    tls,
  };
  refuseUnable({ driver: [key.driver], tls }, [key.mode]);
  return key;
}
