import { scenarios } from '../../../scenarios/index.ts';
import { driverNames, transferModes } from '../../model/attempt.ts';
import { causes } from '../../model/cause.ts';
import { cellId } from '../../model/cell.ts';
import { cellsOf } from '../../model/scenario.ts';
import { annotationFormats } from '../../model/vocabulary.ts';
import {
  allServerNames,
  clientNames,
  endNames,
  firewallNames,
  machineNames,
  rulesPlaces,
} from '../../network/topology.ts';
import { graphFormats } from '../commands/status.ts';
import { shells } from './shells.ts';

/** The possible values of an argument or option: some words (or else a file), a file, or something that only the user knows. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly orFile: boolean }
  | { readonly kind: 'files' }
  | { readonly kind: 'free' };

const scenarioNames = scenarios.map(({ name }) => name);
const cellIds = [
  ...new Set(scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => cellId(key)))),
];

/** The same without their rule sets. */
const cellPaths = [...new Set(cellIds.map((id) => id.slice(id.indexOf('/') + 1)))];

/** Words, by the name of the argument (`<host>`) or option (`--client`). */
const wordsByName: Readonly<Record<string, readonly string[]>> = {
  patterns: [...scenarioNames, ...new Set([...endNames(), ...transferModes]), ...cellIds],
  rules: scenarioNames,
  before: scenarioNames,
  after: scenarioNames,
  // In place of a cell, explain takes a cause.
  cell: [...cellIds, ...causes],
  need: cellPaths,
  forbid: cellPaths,
  annotate: annotationFormats,
  'cell-of-rules': cellPaths,
  host: [...machineNames(), ...firewallNames()],
  firewall: firewallNames(),
  on: rulesPlaces(),
  client: clientNames(),
  server: allServerNames(),
  mode: transferModes,
  driver: [...driverNames, 'all'],
  graph: graphFormats,
  shell: shells,
};

/** Arguments and options that name rules: a shipped rule set, or a file. */
const rulesNames = ['rules', 'before', 'after', 'cell'];

/** What completes an argument or option with that name; `value` is its value's name in the help (`--json <file>`). */
export function completionOf(name: string, value: string): Completion {
  const words = wordsByName[name];
  if (words) return { kind: 'words', words, orFile: rulesNames.includes(name) };
  return /^files?\b/i.test(value) ? { kind: 'files' } : { kind: 'free' };
}
