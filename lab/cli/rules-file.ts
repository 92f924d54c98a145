import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LabError } from '../errors.ts';
import type { CompiledRules } from '../lab.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { FirewallName } from '../network/topology.ts';
import { compileRuleSet } from '../policy/compile.ts';
import { route } from '../policy/dsl.ts';
import { foreignAddresses } from '../policy/foreign-addresses.ts';
import { parseIptablesSave } from '../policy/iptables-save.ts';
import type { IptablesRuleSet, RuleSet } from '../policy/rule-set.ts';
import { loadDefaultExport, withFile } from './load-module.ts';

/** The rules of a user's file. */
export interface RulesFile {
  readonly name: string;
  /** The one firewall that the file speaks for; `null` for a rule set, which speaks for both. */
  readonly firewall: FirewallName | null;
  readonly rules: (plan: AddressPlan) => RuleSet | IptablesRuleSet | CompiledRules;
  /** What the reader of a verdict should know of them, a sentence each. */
  readonly notes: (plan: AddressPlan) => string[];
}

const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Reads a rule set in TypeScript or JavaScript (by its extension), or else an iptables-save file, which goes to
 * `firewall`; the other firewall then has its Default rule alone. Throws LabError `usage` for whatever is wrong with it.
 */
export async function readRulesFile(file: string, firewall: FirewallName): Promise<RulesFile> {
  const text = await textOf(file);
  if (text.trim() === '')
    throw new LabError(
      'usage',
      'empty-file',
      `${file} is empty`,
      'It should hold a rule set, or what iptables-save printed.',
    );
  if (moduleExtensions.includes(extname(file))) {
    const { parseRuleSet } = await import('../policy/parse-rule-set.ts');
    const exported = await loadDefaultExport(file);
    const ruleSet = named(file, () => parseRuleSet(exported));
    return { name: ruleSet.name, firewall: null, rules: () => ruleSet, notes: () => [] };
  }
  const name = basename(file, extname(file));
  const own = named(file, () => parseIptablesSave(text));
  return {
    name,
    firewall,
    rules: (plan) => ({
      name,
      firewalls: { ...compileRuleSet(denyAll, plan), [firewall]: own },
    }),
    notes: (plan) =>
      foreignAddresses(text, plan).map(
        ({ line, address }) =>
          `line ${line} is about ${address}, which nobody in the lab has: it never matches here`,
      ),
  };
}

/** What `read` returns; its LabErrors then name the file. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withFile(error, file);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new LabError('usage', 'file-unreadable', `${file} ${why}`, undefined, { cause: error });
  }
}

const closed = { networkRule: route(), accessRules: [] };
const denyAll: RuleSet = {
  name: 'default-rule-alone',
  description: 'Lets nothing through.',
  firewalls: { 'isa-x': closed, 'isa-y': closed },
};
