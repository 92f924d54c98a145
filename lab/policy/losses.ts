import { list } from '../list.ts';
import type { Rules, SavedRules } from './compile.ts';
import { type RuleOfTable, rulesAdded } from './fix/edit-rules.ts';

/**
 * What a file has and rules in its place would not have, one sentence each, address translation first. What is let through by
 * that is for measurements to tell, as far as they go: probes are TCP.
 */
export function rulesLost({ saved }: SavedRules, instead: Rules): string[] {
  const others = instead.kind === 'saved' ? instead.saved : { text: '', tables: [] };
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

function lines(rules: readonly RuleOfTable[]): string {
  const texts = rules.map(({ line, text }) => `line ${line}: ${text}`);
  return list(texts, shown);
}
