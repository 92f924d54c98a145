import { LabError } from '../errors.ts';
import { driverNames, transferModes } from '../model/attempt.ts';
import { type CellKey, callOf } from '../model/cell.ts';
import { refuseUnable } from '../model/drivers.ts';
import { type Names, oneHostOf } from '../model/names.ts';
import { allServerNames, clientNames } from '../network/topology.ts';
import { oneOf } from '../one-of.ts';
import { knownScenarios } from './known-scenarios.ts';

/** The shipped rule set that a cell's id begins with. Throws LabError `no-cell`, or `unknown-word` with a suggestion. */
export function ruleSetOf(text: string): string {
  const [ruleSet = '', ...rest] = text.split('/');
  if (rest.length < 3)
    throw noCell(
      text,
      'rule-set/client/server/mode[/driver][/tls][/ipv6 or /name], as in as-reported/y-server/vsftpd/pasv',
    );
  return oneOf(
    'rule set',
    ruleSet,
    knownScenarios().map((scenario) => scenario.ruleSet.name),
  );
}

/**
 * Parses a cell's id under the rule set with that name, whether or not a scenario has that cell. If `short` is set, the
 * id may leave out the rule set. `names`: what hosts are called as well. Throws LabError `usage` that names the wrong word, or `driver-unable`.
 */
export function parseCell(text: string, ruleSet: string, short = false, names?: Names): CellKey {
  const words = text.split('/');
  const isShort = short && words[0] !== ruleSet;
  const [client, server, mode, ...rest] = isShort ? words : words.slice(1);
  const ipv6 = rest.at(-1) === 'ipv6' || undefined;
  const named = rest.at(-1) === 'name' || undefined;
  if (ipv6 || named) rest.pop();
  const tls = rest.at(-1) === 'tls';
  if (tls) rest.pop();
  const [driver = driverNames[0], more] = rest;
  if (client === undefined || server === undefined || mode === undefined || more !== undefined)
    throw noCell(
      text,
      'client/server/mode[/driver][/tls][/ipv6 or /name] after its rule set, as in y-server/vsftpd/pasv',
    );
  const key = {
    ruleSet,
    client: oneHostOf('client', client, clientNames(), names),
    server: oneHostOf('server', server, allServerNames(), names),
    mode: oneOf('transfer mode', mode, transferModes),
    driver: oneOf('driver', driver, driverNames),
    tls,
    ...callOf({ ipv6, named }),
  };
  refuseUnable([key.driver], [key.mode], tls, ipv6);
  return key;
}

function noCell(text: string, form: string): LabError {
  return new LabError('usage', 'no-cell', `"${text}" is not a cell`, `A cell is ${form}.`);
}
