import { groupBy } from '../group-by.ts';
import { list } from '../list.ts';
import { called, type Names } from '../model/names.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { RulesPlace } from '../network/topology.ts';
import { interfacesOf, type UnworkableRule } from './unworkable-rules.ts';

/** How many names and line ranges a sentence lists before it only counts the rest. */
const namesShown = 3;
const rangesShown = 20;

/** Where the rules are tried. */
interface Location {
  readonly plan: AddressPlan;
  readonly firewall: RulesPlace;
  /** What hosts are called. */
  readonly names?: Names | undefined;
}

/**
 * What the reader of a verdict should know about rules that cannot work in the lab: one note per kind, with the
 * lines, and whether these rules can matter to an upload. Those that can matter come first.
 */
export function unworkableInWords(rules: readonly UnworkableRule[], place: Location): RulesNote[] {
  const alike = groupBy(rules, ({ kind, matters, name, file }) =>
    // There are few interfaces and ipsets, but there may be thousands of addresses.
    JSON.stringify([kind, matters, kind === 'interface' || kind === 'set' ? name : '', file]),
  );
  return [...alike.values()]
    .sort(([a], [b]) => Number(b?.matters) - Number(a?.matters))
    .map((group) => ({
      kind: group[0]?.matters ? 'can-matter' : 'cannot-matter',
      text: sentence(group, place),
    }));
}

function sentence(rules: readonly UnworkableRule[], place: Location): string {
  const [first] = rules;
  if (!first) return '';
  const lines = [...new Set(rules.map(({ line }) => line).filter((line) => line > 0))];
  const names = [...new Set(rules.map(({ name }) => name))];
  const what = lack[first.kind](list(names, namesShown), place);
  const of = first.file === undefined ? '' : ` of ${first.file}`;
  return `${lines.length === 0 ? 'A rule' : `${linesInWords(lines)}${of}`}: ${what}. ${consequence(first, lines.length > 1, place)}`;
}

/** What the lab does not have, by kind. */
const lack: Record<UnworkableRule['kind'], (names: string, place: Location) => string> = {
  interface: (words, { firewall, names }) => `${called(firewall, names)} has no interface ${words} here`,
  'bridge port': (words, { firewall, names }) =>
    `${called(firewall, names)} is not a bridge here and has no port ${words}`,
  address: (names) => `no host in the lab has ${names}`,
  'answering address': (names) =>
    `packets rewritten to ${names} get lost, because no host in the lab has that address`,
  set: (names) => `ipset ${names} is missing and counts as empty`,
  'MAC address': (names) => `no host in the lab has the MAC address ${names}`,
  queue: () => 'no program in the lab reads the queue that it puts packets in',
};

function consequence({ kind, matters }: UnworkableRule, several: boolean, place: Location): string {
  const they = several ? 'They' : 'It';
  if (!matters) {
    const why =
      kind === 'interface'
        ? `uploads pass through ${list(interfacesOf(place))}`
        : kind === 'address'
          ? 'no packet of an upload meets it, or both ends already have the given addresses'
          : 'no packet of an upload meets it';
    return `${they} cannot matter: ${several ? why.replace('meets it', 'meets them') : why}.`;
  }
  return `${they} CAN MATTER to an upload${remedyOf(kind)}.`;
}

/** What to do about a rule that can matter; '' if nothing can be done. */
function remedyOf(kind: UnworkableRule['kind']): string {
  switch (kind) {
    case 'address':
      return ' if that is its client or server: give these their addresses (--host NAME=ADDRESS)';
    case 'answering address':
      return ': give the firewall, or the server, that address (--outside NAME=ADDRESS, --host NAME=ADDRESS)';
    case 'set':
      return ': give the ipsets (--ipset FILE, the output of "ipset save")';
    default:
      return '';
  }
}

/** `Line 3`, `Lines 3, 5-7`. */
function linesInWords(lines: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of lines) {
    const range = ranges.at(-1);
    if (range && line === range[1] + 1) range[1] = line;
    else ranges.push([line, line]);
  }
  const shown = ranges.slice(0, rangesShown);
  const texts = shown.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const rest = lines.length - shown.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return `Line${lines.length > 1 ? 's' : ''} ${texts.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
