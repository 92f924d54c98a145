import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LabError, withFile } from '../errors.ts';
import type { Attempt } from '../model/cell.ts';
import type { Names } from '../model/names.ts';
import type { AboutFile } from '../model/origin.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import {
  firewallNames,
  isGateway,
  type LegName,
  legsOf,
  outsideOf,
  placeOf,
  type RulesPlace,
  rulesPlaces,
  type SubnetName,
} from '../network/topology.ts';
import type { Rules } from '../policy/compile.ts';
import { emptySets, setNames } from '../policy/ipset-save.ts';
import { readSavedFile, type SavedFile, type SavedTable } from '../policy/iptables-save.ts';
import { foreignInterfaces, unworkableRules } from '../policy/unworkable-rules.ts';
import { unworkableInWords } from '../policy/unworkable-words.ts';
import { type Doubt, doubtsAbout, otherFormat } from '../policy/whole-truth.ts';
import { loadDefaultExport, sha256Of } from './load-module.ts';

/** The rules of a user's file. */
export interface RulesFile {
  readonly rules: Rules;
  /** Notes on the rules for the reader of the verdicts, one sentence each. */
  readonly notes: (lab: Noted, attempts?: readonly Ends[]) => RulesNote[];
  /** Every file that was read. */
  readonly files?: readonly AboutFile[];
}

/** What notes are about: where hosts have which addresses, and what they are called. */
interface Noted {
  readonly plan: AddressPlan;
  readonly names?: Names;
}

/** Who uploads to whom. */
type Ends = Pick<Attempt, 'client' | 'server'>;

/** Options for an iptables-save file. */
export interface Surroundings {
  /** A file with the output of `ipset save`. */
  readonly ipset?: string | undefined;
  readonly own?: OwnAddresses | undefined;
  /** Go on with a file that may not hold all that decides. Default false. */
  readonly asIs?: boolean | undefined;
}

/** Stands for standard input where a file is named. */
export const standardInput = '-';

const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** Whether a file is a rule set in TypeScript or JavaScript, judged by its extension. */
function isModule(file: string): boolean {
  return moduleExtensions.includes(extname(file));
}

/**
 * Reads a rule set in TypeScript or JavaScript, or an iptables-save file (`-` is standard input) for a place, which may be unsaid for a rule set; compileRules says what the
 * others then have. Throws LabError `usage` if anything is wrong with the file.
 */
export async function readRulesFile(
  path: string,
  place: RulesPlace | undefined,
  surroundings: Surroundings = {},
): Promise<RulesFile> {
  const { text, about } = await textOf(path, 'It should contain a rule set, or the output of iptables-save.');
  const file = about.path;
  if (isModule(file)) {
    const { parseRuleSet } = await import('../policy/parse-rule-set.ts');
    const { exported, files } = await loadDefaultExport(file);
    const ruleSet = named(file, () => parseRuleSet(exported));
    return { rules: ruleSet, notes: () => [], files };
  }
  const firewall = place ?? refusePlaceless(file);
  const name = path === standardInput ? 'stdin' : basename(file, extname(file));
  const saved = savedIn(file, text);
  const { tables } = saved;
  const { ipset, own = noOwnAddresses, asIs = false } = surroundings;
  const doubts = doubtsAbout(saved, firewall);
  if (!asIs) refuseDoubtful(file, doubts);
  refuseUnsaid(file, tables, firewall, own);
  const given =
    ipset === undefined ? undefined : await textOf(ipset, 'It should contain the output of ipset save.');
  const sets = given === undefined ? new Set<string>() : named(given.about.path, () => setNames(given.text));
  const isKnown = ({ client, server }: Ends) => Boolean(own.addresses[client] && own.addresses[server]);
  return {
    rules: {
      kind: 'saved',
      name,
      firewall,
      saved,
      sets: withLineFeed(given?.text ?? '') + emptySets(tables, sets),
    },
    notes: ({ plan, names }, attempts = []) => {
      const place = { plan, firewall, names };
      const addressesKnown = attempts.length > 0 && attempts.every(isKnown);
      return [
        ...doubts.map(({ message, save }) => ({
          kind: 'doubtful' as const,
          text: `DOUBTFUL: ${message}. ${save}`,
        })),
        ...unworkableInWords(unworkableRules(tables, { ...place, sets, addressesKnown }), place),
      ];
    },
    files: given === undefined ? [about] : [about, given.about],
  };
}

function refusePlaceless(file: string): never {
  throw new LabError(
    'usage',
    'place-unsaid',
    `Where does ${file} stand? The network has ${firewallNames().length === 0 ? 'no firewall' : 'several firewalls'}`,
    `Name the place: ${rulesPlaces()
      .map((name) => `--on ${name}`)
      .join(', ')}.`,
  );
}

/** The rules in a file's text. Throws LabError `other-format` for what another program wrote, and `iptables-file-malformed`. */
export function savedIn(file: string, text: string): SavedFile {
  const format = otherFormat(text);
  if (format) throw new LabError('usage', 'other-format', `${file} is ${format.what}`, format.save);
  return named(file, () => readSavedFile(text));
}

/** Throws LabError `not-the-whole-truth` for a file that may not hold all that decides. */
function refuseDoubtful(file: string, [doubt]: readonly Doubt[]): void {
  if (!doubt) return;
  throw new LabError(
    'usage',
    'not-the-whole-truth',
    `${file} cannot be trusted as it is: ${doubt.message}`,
    `${doubt.save} "--as-is" goes on all the same.`,
  );
}

function withLineFeed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/**
 * Rules about interfaces that the place does not have would decide nothing, so the lab must know which interfaces
 * uploads pass through. Throws LabError `interfaces-unsaid` if that is not given.
 */
function refuseUnsaid(
  file: string,
  tables: readonly SavedTable[],
  firewall: RulesPlace,
  own: OwnAddresses,
): void {
  const legs = isGateway(firewall)
    ? Object.entries(legsOf(firewall))
    : [['eth0', placeOf(firewall)] as const];
  const given = namesGiven(firewall, own);
  const missing = legs.filter(([leg]) => given[leg] === undefined);
  const foreign = foreignInterfaces(
    tables,
    legs.map(([leg]) => given[leg] ?? leg),
  );
  if (foreign.length === 0 || missing.length === 0) return;
  const first = tables
    .flatMap(({ rules }) => rules)
    .find(({ options }) => options.includes(foreign[0] ?? ''));
  throw new LabError(
    'usage',
    'interfaces-unsaid',
    `${file} names the interfaces ${foreign.join(', ')}${first ? ` (from line ${first.line})` : ''}, and the lab does not know which of them uploads pass through`,
    `Name ${legs.length > 1 ? 'each' : 'the one towards the network'}: ${missing.map(([leg, { subnet }]) => optionFor(firewall, leg, subnet)).join(' ')}.`,
  );
}

/** How the command line names one of a place's interfaces. */
function optionFor(place: RulesPlace, leg: LegName, subnet: SubnetName): string {
  if (!isGateway(place)) return '--interface NAME';
  if (Object.keys(legsOf(place)).length > 2) return `--interface NAME=${subnet}`;
  return leg === outsideOf(place) ? '--outside NAME' : '--inside NAME';
}

/** What the user calls the interfaces of a place, by leg; a host's one is `eth0`. */
function namesGiven(
  place: RulesPlace,
  { interfaces, hostInterfaces }: OwnAddresses,
): Readonly<Record<string, string>> {
  if (isGateway(place)) return interfaces[place] ?? {};
  const own = hostInterfaces?.[place];
  return own === undefined ? {} : { eth0: own };
}

/** Calls `read`, and puts the file's name in front of its LabErrors. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withFile(error, file);
  }
}

/** A file's text, and the file as results name it. Throws LabError `file-unreadable` or `empty-file`. */
export async function textOf(
  path: string,
  hint: string,
): Promise<{ readonly text: string; readonly about: AboutFile }> {
  const [file, from] = path === standardInput ? ['standard input', '/dev/stdin'] : [path, path];
  let bytes: Buffer;
  try {
    bytes = await readFile(from);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new LabError('usage', 'file-unreadable', `${file} ${why}`, undefined, { cause: error });
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw new LabError('usage', 'empty-file', `${file} is empty`, hint);
  return { text, about: { path: file, sha256: sha256Of(bytes) } };
}
