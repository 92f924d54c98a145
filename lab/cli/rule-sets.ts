import { existsSync } from 'node:fs';
import { scenarios } from '../../scenarios/index.ts';
import { LabError } from '../errors.ts';
import type { FirewallName } from '../network/topology.ts';
import type { RuleSet } from '../policy/rule-set.ts';
import { type RulesFile, readRulesFile } from './rules-file.ts';
import { suggestionFor } from './suggest.ts';

/** What a command's help says of an argument that is read by {@link readRules}. */
export const rulesHelp = `
A rule set is a shipped one by its name ("ftplab run --list" shows them), or one's own by its file: TypeScript
(.ts, .mts, .js, .mjs) for both firewalls, or what iptables-save printed, for one (--firewall, else isa-y).`;

/**
 * The rules that a word on the command line stands for: a shipped rule set by its name, else a file. Throws LabError
 * `usage` for what is neither, and for whatever is wrong with the file.
 */
export async function readRules(word: string, firewall: FirewallName): Promise<RulesFile> {
  const shipped = scenarios.find(({ name }) => name === word);
  if (shipped) {
    const { ruleSet } = shipped;
    return { name: ruleSet.name, firewall: null, rules: () => ruleSet, notes: () => [] };
  }
  // What looks like a name is a mistyped one; what looks like a path is a file that is missing.
  if (!existsSync(word) && !/[./\\]/.test(word))
    throw new LabError(
      'usage',
      'rule-set-unknown',
      `"${word}" is neither a shipped rule set nor a file`,
      suggestionFor(
        word,
        scenarios.map(({ name }) => name),
      ),
    );
  return readRulesFile(word, firewall);
}

/** Whether rules were written as a rule set, in ISA's terms, and not as iptables. */
export function isRuleSet(rules: ReturnType<RulesFile['rules']>): rules is RuleSet {
  return 'description' in rules && 'firewalls' in rules;
}
