/* Files of iptables-save and ip6tables-save: what they are, what they lack, and the rules in them. */
import { basename } from 'node:path';
import { LabError } from '../errors.ts';
import { familiesOf } from '../model/cell.ts';
import { called, type Names } from '../model/names.ts';
import type { AboutFile } from '../model/origin.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { Family } from '../network/family.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import type { RulesPlace } from '../network/topology.ts';
import type { SavedRules } from '../policy/compile.ts';
import { emptySets, setNames } from '../policy/ipset-save.ts';
import { noFile, readSavedFile, type SavedFile, type SavedTable } from '../policy/iptables-save.ts';
import { familySigns } from '../policy/saved-family.ts';
import { foreignInterfaces, unworkableRules } from '../policy/unworkable-rules.ts';
import { unworkableInWords } from '../policy/unworkable-words.ts';
import { doubtsAbout, otherFormat } from '../policy/whole-truth.ts';
import {
  doubtful,
  type Ends,
  endsKnown,
  interfacesOfPlace,
  interfacesUnsaid,
  type RulesFile,
  refuseDoubtful,
  type Surroundings,
} from './file-of-rules.ts';
import { named, nameOf, textOf } from './text-of.ts';

/** A file of iptables-save or ip6tables-save that was read. */
export interface SavedText {
  readonly about: AboutFile;
  readonly family: Family;
  readonly saved: SavedFile;
}

/**
 * Files of iptables-save and ip6tables-save for a place, at most one of each. `besideNft`: rules of nft stand beside them. Throws LabError
 * `usage` if anything is wrong with them.
 */
export async function savedAt(
  read: readonly SavedText[],
  firewall: RulesPlace,
  { ipset, own = noOwnAddresses, asIs = false, besideNft }: Surroundings & { readonly besideNft?: true },
): Promise<RulesFile & { readonly rules: SavedRules }> {
  const of = (family: Family) => read.find((one) => one.family === family);
  const [of4, of6] = [of('ipv4'), of('ipv6')];
  // Lines of the second file are told with its name.
  const called6: { readonly file?: string } = of4 && of6 ? { file: basename(of6.about.path) } : {};
  const files = [...(of4 ? [{ ...of4, file: {} }] : []), ...(of6 ? [{ ...of6, file: called6 }] : [])];
  const doubts = files.flatMap(({ about, family, saved }) => {
    const found = doubtsAbout(saved, firewall, family);
    if (!asIs) refuseDoubtful(about.path, found);
    refuseUnsaid(about.path, saved.tables, firewall, own);
    return found;
  });
  const given =
    ipset === undefined ? undefined : await textOf(ipset, 'It should contain the output of ipset save.');
  const sets = given === undefined ? new Set<string>() : named(given.about.path, () => setNames(given.text));
  const missing = files.map(({ family, saved }) => emptySets(saved.tables, sets, family));
  return {
    rules: {
      kind: 'saved',
      name: files.map(({ about }) => nameOf(about.path)).join('+'),
      firewall,
      saved: of4?.saved ?? noFile,
      ...(of6 && { saved6: { ...of6.saved, ...(called6.file && { called: called6.file }) } }),
      sets: withLineFeed(given?.text ?? '') + missing.join(''),
    },
    notes: ({ plan, names }, attempts = []) => {
      const place = { plan, firewall, names };
      const unworkable = files.flatMap(({ saved, family, file }) => {
        const decided = attempts.filter((attempt) => familiesOf(attempt).includes(family));
        const addressesKnown = endsKnown(decided, own);
        const found = unworkableRules(saved.tables, { ...place, sets, addressesKnown });
        return found.map((rule) => ({ ...rule, ...file }));
      });
      const families = files.map(({ family }) => family);
      return [
        ...doubts.map(doubtful),
        ...(besideNft ? [] : otherFamilyPasses(families, firewall, attempts, names)),
        ...unworkableInWords(unworkable, place),
      ];
    },
    files: [...files.map(({ about }) => about), ...(given ? [given.about] : [])],
  };
}

/** The rules in a text of iptables-save. Throws as {@link readSaved} does, and LabError `other-format` for one of ip6tables-save. */
export function savedIn(file: string, text: string): SavedFile {
  const { family, saved } = readSaved(file, text);
  if (family === 'ipv4') return saved;
  throw new LabError(
    'usage',
    'other-format',
    `${file} is rules of ip6tables-save, which are for IPv6`,
    'Give what iptables-save prints; "ftplab try" takes either.',
  );
}

/**
 * The rules in a text of iptables-save or ip6tables-save, and which of the two it is. Throws LabError `other-format` for what another
 * program wrote, `families-mixed`, and `iptables-file-malformed`.
 */
export function readSaved(
  file: string,
  text: string,
): { readonly family: Family; readonly saved: SavedFile } {
  const format = otherFormat(text);
  if (format) throw new LabError('usage', 'other-format', `${file} is ${format.what}`, format.save);
  const [first, second] = familySigns(text);
  if (first && second)
    throw new LabError(
      'usage',
      'families-mixed',
      `${file} is for IPv4 by line ${first.line}, and for IPv6 by line ${second.line}`,
      'Put what iptables-save and ip6tables-save print in a file each.',
    );
  const family = first?.family ?? 'ipv4';
  return { family, saved: named(file, () => readSavedFile(text, family)) };
}

/** What becomes of uploads by a version of IP that no file is for. */
function otherFamilyPasses(
  families: readonly Family[],
  place: RulesPlace,
  attempts: readonly Ends[],
  names: Names | undefined,
): RulesNote[] {
  const asked = attempts.flatMap(familiesOf);
  if (asked.every((family) => families.includes(family))) return [];
  const [other, program] = families.includes('ipv4') ? ['IPv6', 'ip6tables'] : ['IPv4', 'iptables'];
  const text = `No rules for ${other} were given, so all of it passes on ${called(place, names)}, as on a machine where nobody loaded ${program}.`;
  return [{ kind: 'can-matter', text }];
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
