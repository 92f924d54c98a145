import { scenarios } from '../../../scenarios/index.ts';
import { driverNames, transferModes } from '../../model/attempt.ts';
import { cellId } from '../../model/cell.ts';
import { cellsOf } from '../../model/scenario.ts';
import { allServerNames, clientNames, firewallNames, hosts } from '../../network/topology.ts';
import { graphFormats } from '../commands/status.ts';
import { shells } from './shells.ts';

/** The possible values of an argument or option: one of some words, a file, or something that only the user knows. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'free' };

const scenarioNames = scenarios.map(({ name }) => name);
const cellIds = [
  ...new Set(scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => cellId(key)))),
];

/** Words, by the name of the argument (`<host>`) or option (`--client`). */
const wordsByName: Readonly<Record<string, readonly string[]>> = {
  patterns: [...scenarioNames, ...new Set([...clientNames, ...allServerNames, ...transferModes]), ...cellIds],
  rules: scenarioNames,
  before: scenarioNames,
  after: scenarioNames,
  cell: cellIds,
  need: cellIds.map((id) => id.slice(id.indexOf('/') + 1)),
  host: [...Object.keys(hosts), ...firewallNames],
  firewall: firewallNames,
  on: firewallNames,
  client: clientNames,
  server: allServerNames,
  mode: transferModes,
  driver: [...driverNames, 'all'],
  graph: graphFormats,
  shell: shells,
};

/** What completes an argument or option with that name; `value` is its value's name in the help (`--json <file>`). */
export function completionOf(name: string, value: string): Completion {
  const words = wordsByName[name];
  if (words) return { kind: 'words', words };
  return /^files?\b/i.test(value) ? { kind: 'files' } : { kind: 'free' };
}
