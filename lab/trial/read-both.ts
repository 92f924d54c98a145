import { list } from '../list.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { SavedRules } from '../policy/compile.ts';
import { withoutIptablesTables } from '../policy/nft/beside-iptables.ts';
import type { NftRuleset } from '../policy/nft/listing.ts';
import { ofIp6tables } from '../policy/nft/table-name.ts';
import { doubtsAboutNft } from '../policy/nft/whole-truth.ts';
import { filesOf } from '../policy/rule-lines.ts';
import { type Doubt, doubtsAbout } from '../policy/whole-truth.ts';
import { doubtful, type RulesFile, refuseDoubtful, type Surroundings } from './file-of-rules.ts';
import { type NftText, readNft } from './read-nft.ts';

/** A file of iptables-save and one of nft, whose rules stand beside each other. `word`: what the user calls both. */
export function besideEachOther(
  word: string,
  saved: RulesFile & { readonly rules: SavedRules },
  nftText: NftText,
  { asIs = false, own }: Surroundings,
): RulesFile {
  const { firewall, name } = saved.rules;
  const { text, left } = withoutIptablesTables(nftText.text);
  const nft = readNft({ ...nftText, text }, firewall, { own, asIs: true });
  const doubtsAt = (inForce: NftRuleset) => doubtsOfBoth(saved.rules, inForce);
  // The two files first, so that who reads the list knows what to name.
  const [[ofSaved, ...sets], [ofNft, ...included]] = [saved.files ?? [], nft.files ?? []];
  const [first, others] = [[ofSaved, ofNft].filter((file) => file !== undefined), [...sets, ...included]];
  const ofIPv6 = left.filter((table) => table.startsWith(ofIp6tables));
  const counted = saved.rules.saved6 ? left : left.filter((table) => !ofIPv6.includes(table));
  const leftOut: RulesNote[] = [
    ...(counted.length === 0
      ? []
      : [
          {
            kind: 'fact' as const,
            text: `${nftText.file} has tables of iptables too (${list(counted)}): those of the other file count.`,
          },
        ]),
    ...(counted.length === left.length
      ? []
      : [
          {
            kind: 'can-matter' as const,
            text: `${nftText.file} has tables of ip6tables too (${list(ofIPv6)}), which nft does not load and THE LAB DOES NOT HAVE: add what ip6tables-save prints, as in ${word}+FILE.`,
          },
        ]),
  ];
  return {
    rules: { ...saved.rules, ...nft.rules, kind: 'both', name: `${name}+${nft.rules.name}` },
    files: [...first, ...others],
    refuse: (inForce) => {
      nft.refuse?.(inForce);
      if (!asIs) refuseDoubtful(word, doubtsAt(inForce));
    },
    notes: (lab, attempts) => {
      const inForce = lab.inForce?.nft;
      const both = [...saved.notes(lab, attempts), ...nft.notes(lab, attempts)];
      return [
        ...(inForce ? doubtsAt(inForce).map(doubtful) : []),
        ...leftOut,
        ...both.filter(({ kind }) => kind !== 'doubtful'),
      ];
    },
  };
}

/** Where one file says nothing of a packet, the other may decide. */
function doubtsOfBoth(rules: SavedRules, nft: NftRuleset): Doubt[] {
  const { firewall } = rules;
  const doubts = filesOf(rules)
    .filter(({ file }) => file.tables.length > 0)
    .flatMap(({ file, family }) => doubtsAbout(file, firewall, family))
    .filter(({ code }) => code !== 'nft-rules-beside');
  const always = doubts.filter(({ code }) => code === 'fragment' || code === 'legacy-rules-beside');
  const [inSaved, inNft] = [doubts.filter((doubt) => !always.includes(doubt)), doubtsAboutNft(nft, firewall)];
  return [...always, ...(inSaved.length > 0 && inNft.length > 0 ? [...inSaved, ...inNft] : [])];
}
