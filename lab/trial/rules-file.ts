import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LabError, withFile } from '../errors.ts';
import { everyPlace } from '../model/names.ts';
import type { AboutFile } from '../model/origin.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import { firewallNames, type RulesPlace } from '../network/topology.ts';
import { emptySets, setNames } from '../policy/ipset-save.ts';
import { readSavedFile, type SavedFile, type SavedTable } from '../policy/iptables-save.ts';
import { isNftText } from '../policy/nft/whole-truth.ts';
import { foreignInterfaces, unworkableRules } from '../policy/unworkable-rules.ts';
import { unworkableInWords } from '../policy/unworkable-words.ts';
import { doubtsAbout, otherFormat } from '../policy/whole-truth.ts';
import {
  doubtful,
  endsKnown,
  interfacesOfPlace,
  interfacesUnsaid,
  type RulesFile,
  refuseDoubtful,
  type Surroundings,
} from './file-of-rules.ts';
import { loadDefaultExport, sha256Of } from './load-module.ts';
import { besideEachOther } from './read-both.ts';
import { readNft } from './read-nft.ts';

/** Stands for standard input where a file is named. */
export const standardInput = '-';

const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** Whether a file is a rule set in TypeScript or JavaScript, judged by its extension. */
function isModule(file: string): boolean {
  return moduleExtensions.includes(extname(file));
}

/**
 * Reads a rule set in TypeScript or JavaScript, or a file of iptables-save or nft (`-` is standard input) for a place, which may be unsaid for a rule set; compileRules says what the
 * others then have. Throws LabError `usage` if anything is wrong with the file.
 */
export async function readRulesFile(
  path: string,
  place: RulesPlace | undefined,
  surroundings: Surroundings = {},
): Promise<RulesFile> {
  if (path.includes('+') && !existsSync(path))
    return readBoth(path, place ?? refusePlaceless(path), surroundings);
  const { text, about } = await textOf(
    path,
    'It should contain a rule set, or the output of iptables-save or nft list ruleset.',
  );
  const file = about.path;
  if (isModule(file)) {
    const { parseRuleSet } = await import('../policy/parse-rule-set.ts');
    const { exported, files } = await loadDefaultExport(file);
    const ruleSet = named(file, () => parseRuleSet(exported));
    return { rules: ruleSet, notes: () => [], files };
  }
  const firewall = place ?? refusePlaceless(file);
  const name = path === standardInput ? 'stdin' : basename(file, extname(file));
  if (isNftText(text)) {
    return readNft({ name, text, about }, firewall, surroundings);
  }
  return readSaved({ name, text, about }, firewall, surroundings);
}

/** `FILE+FILE`: a file of iptables-save and one of nft, whose rules stand beside each other. Throws LabError `not-one-of-each`. */
async function readBoth(word: string, firewall: RulesPlace, surroundings: Surroundings): Promise<RulesFile> {
  const paths = word.split('+');
  const files = await Promise.all(paths.map((path) => textOf(path, 'It should contain rules.')));
  const [nft, ...others] = files.filter(({ text }) => isNftText(text));
  const [iptables, ...rest] = files.filter(({ text }) => !isNftText(text));
  if (!nft || !iptables || others.length + rest.length > 0 || paths.some(isModule))
    throw new LabError(
      'usage',
      'not-one-of-each',
      `${word} is not one file of iptables-save and one of nft rules`,
      'Rules of both stand beside each other on one machine; two files of one kind do not.',
    );
  const nameOf = ({ about: { path } }: typeof nft) => basename(path, extname(path));
  const lenient = { ...surroundings, asIs: true };
  const saved = await readSaved({ ...iptables, name: nameOf(iptables) }, firewall, lenient);
  if (saved.rules.kind !== 'saved') throw new Error('What iptables-save printed is of that kind');
  return besideEachOther(
    word,
    { ...saved, rules: saved.rules },
    { ...nft, name: nameOf(nft), file: basename(nft.about.path) },
    surroundings,
  );
}

/** A file of iptables-save for a place. */
async function readSaved(
  { name, text, about }: { readonly name: string; readonly text: string; readonly about: AboutFile },
  firewall: RulesPlace,
  { ipset, own = noOwnAddresses, asIs = false }: Surroundings,
): Promise<RulesFile> {
  const file = about.path;
  const saved = savedIn(file, text);
  const { tables } = saved;
  const doubts = doubtsAbout(saved, firewall);
  if (!asIs) refuseDoubtful(file, doubts);
  refuseUnsaid(file, tables, firewall, own);
  const given =
    ipset === undefined ? undefined : await textOf(ipset, 'It should contain the output of ipset save.');
  const sets = given === undefined ? new Set<string>() : named(given.about.path, () => setNames(given.text));
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
      const addressesKnown = endsKnown(attempts, own);
      return [
        ...doubts.map(doubtful),
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
    `Name the place: ${everyPlace()}.`,
  );
}

/** The rules in a file's text. Throws LabError `other-format` for what another program wrote, and `iptables-file-malformed`. */
export function savedIn(file: string, text: string): SavedFile {
  const format = otherFormat(text);
  if (format) throw new LabError('usage', 'other-format', `${file} is ${format.what}`, format.save);
  return named(file, () => readSavedFile(text));
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
  const { known, missing } = interfacesOfPlace(firewall, own);
  const foreign = foreignInterfaces(tables, known);
  if (foreign.length === 0 || missing.length === 0) return;
  const first = tables
    .flatMap(({ rules }) => rules)
    .find(({ options }) => options.includes(foreign[0] ?? ''));
  throw interfacesUnsaid(file, foreign, first && `line ${first.line}`, firewall, missing);
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
