import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import type { AboutFile } from '../model/origin.ts';
import type { RulesNote } from '../model/result/note.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import type { RulesPlace } from '../network/topology.ts';
import type { NftRules } from '../policy/compile.ts';
import { type NftRuleset, placeOfRule } from '../policy/nft/listing.ts';
import { type ReadIncluded, readNftFile } from '../policy/nft/nft-file.ts';
import { foreignInterfacesOf, namesInterface, unworkableNftRules } from '../policy/nft/unworkable.ts';
import { doubtsAboutNft, lineOfIptables, unseenChains } from '../policy/nft/whole-truth.ts';
import { unworkableInWords } from '../policy/unworkable-words.ts';
import {
  doubtful,
  endsKnown,
  interfacesOfPlace,
  interfacesUnsaid,
  type RulesFile,
  refuseDoubtful,
  type Surroundings,
} from './file-of-rules.ts';
import { sha256Of } from './load-module.ts';

/** A file of nft rules as it was read. */
export interface NftText {
  readonly name: string;
  readonly text: string;
  readonly about: AboutFile;
  /** What its lines are said to be of. Default: nothing, as of the only file. */
  readonly file?: string | undefined;
}

/**
 * A file of nft rules for a place. What its rules ask is known only once nft has loaded it, so whatever is wrong with that is refused
 * by {@link RulesFile.refuse}. Throws LabError `other-format`, `include-unreadable`, `lab-table`, `option-not-applicable`.
 */
export function readNft(
  { name, text, about, file: called }: NftText,
  firewall: RulesPlace,
  { ipset, own = noOwnAddresses, asIs = false }: Surroundings,
): RulesFile & { readonly rules: NftRules } {
  const word = about.path;
  if (ipset !== undefined)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--ipset does not apply to ${word}: nft rules have sets of their own`,
    );
  const ofIptables = lineOfIptables(text);
  if (ofIptables !== undefined)
    throw new LabError(
      'usage',
      'other-format',
      `${word} has rules that iptables made (line ${ofIptables}), which nft prints but does not load`,
      `Run "iptables-save > FILE" on that machine and use that file. If nft has tables of its own beside, give both: FILE+${word}.`,
    );
  const files = [about];
  const file = readNftFile(text, besideIt(word, files), called);
  return {
    rules: { kind: 'nft', name, firewall, file },
    files,
    refuse: (nft) => {
      refuseUnsaid(word, nft, firewall, own);
      if (!asIs) refuseDoubtful(word, doubtsAboutNft(nft, firewall));
    },
    notes: ({ plan, names, inForce }, attempts = []): RulesNote[] => {
      const nft = inForce?.nft;
      if (!nft) return [];
      const place = { plan, firewall, names };
      const addressesKnown = endsKnown(attempts, own);
      return [
        ...doubtsAboutNft(nft, firewall).map(doubtful),
        ...unseenChains(nft).map((text) => ({ kind: 'can-matter' as const, text })),
        ...unworkableInWords(unworkableNftRules(nft, { ...place, addressesKnown }), place),
      ];
    },
  };
}

/**
 * Reads what a file includes: files in its folder and below, since those elsewhere are the firewall's and not this machine's. Adds them
 * to `files`.
 */
function besideIt(word: string, files: AboutFile[]): ReadIncluded {
  const folder = dirname(resolve(word));
  return (pattern, by) => {
    const path = resolve(folder, pattern);
    const inside = relative(folder, path);
    const refuse = (why: string, cause?: unknown) =>
      new LabError(
        'usage',
        'include-unreadable',
        `${word}: ${by} includes "${pattern}", ${why}`,
        'Put the included files beside it, or save what is in force: "nft list ruleset > FILE" holds them all.',
        { cause },
      );
    if (inside.startsWith('..') || isAbsolute(inside))
      throw refuse(`which is not in the folder of ${word} or below`);
    try {
      return matching(path).map((found) => {
        const bytes = readFileSync(found);
        files.push({ path: relative(process.cwd(), found), sha256: sha256Of(bytes) });
        return [relative(folder, found), bytes.toString('utf8')];
      });
    } catch (error) {
      throw refuse('which cannot be read', error);
    }
  };
}

/** The files that a path means whose last part may have `*` and `?` (nft(8), "INCLUDE FILES"), in alphabetical order. */
function matching(path: string): string[] {
  const last = basename(path);
  if (!/[*?]/.test(last)) return [path];
  const escaped = last
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${escaped}$`);
  return readdirSync(dirname(path))
    .filter((name) => pattern.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => resolve(dirname(path), name));
}

function refuseUnsaid(word: string, nft: NftRuleset, firewall: RulesPlace, own: OwnAddresses): void {
  const { known, missing } = interfacesOfPlace(firewall, own);
  const foreign = foreignInterfacesOf(nft, known);
  if (foreign.length === 0 || missing.length === 0) return;
  const first = namesInterface(nft, foreign[0] ?? '');
  throw interfacesUnsaid(word, foreign, first && placeOfRule(first).replace(/^L/, 'l'), firewall, missing);
}
