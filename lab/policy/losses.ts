import { list } from '../list.ts';
import { type FileRules, nftFileIn, type Rules, savedFileIn } from './compile.ts';
import { rulesAdded } from './fix/edit-rules.ts';
import type { SavedFile } from './iptables-save.ts';
import { statementsOf } from './nft/statements.ts';

/**
 * What a file has and rules in its place would not have, one sentence each, address translation first. What is let through by
 * that is for measurements to tell, as far as they go: probes are TCP.
 */
export function rulesLost(file: FileRules, instead: Rules): string[] {
  const [saved, nft] = [savedFileIn(file), nftFileIn(file)];
  return [
    ...(saved ? savedLost(saved, savedFileIn(instead) ?? { text: '', tables: [] }) : []),
    ...(nft ? nftLost(nft.text, nftFileIn(instead)?.text ?? '') : []),
  ];
}

/** {@link rulesLost} of texts of nft rules. */
export function nftLost(before: string, instead: string): string[] {
  const are = nftRulesIn(instead).map(({ text }) => text);
  const gone = nftRulesIn(before).filter(({ text }) => !are.includes(text));
  if (gone.length === 0) return [];
  return [`${gone.length === 1 ? 'a rule' : `${gone.length} rules`} (${lines(gone)})`];
}

/** Rules of a text of nft rules, each with its chain. */
export function nftRulesIn(text: string): { readonly line: number; readonly text: string }[] {
  return statementsOf(text).flatMap(({ chain, text: own, line }) =>
    chain !== undefined || /^(?:add|insert) rule /.test(own)
      ? [{ line, text: chain === undefined ? own : `${chain}: ${own}` }]
      : [],
  );
}

function savedLost(saved: SavedFile, others: SavedFile): string[] {
  const lost = rulesAdded(others, saved);
  const [translating, rest] = [
    lost.filter(({ table }) => table === 'nat'),
    lost.filter(({ table }) => table !== 'nat'),
  ];
  return [
    ...(translating.length > 0 ? [`its address translation (${lines(translating)})`] : []),
    ...(rest.length > 0 ? [`${rest.length === 1 ? 'a rule' : `${rest.length} rules`} (${lines(rest)})`] : []),
  ];
}

/** How many rules a sentence shows. */
const shown = 3;

function lines(rules: readonly { readonly line: number; readonly text: string }[]): string {
  const texts = rules.map(({ line, text }) => `line ${line}: ${text}`);
  return list(texts, shown);
}
