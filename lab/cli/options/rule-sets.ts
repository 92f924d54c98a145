import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { scenarios } from '../../../scenarios/index.ts';
import { LabError } from '../../errors.ts';
import { everyHost } from '../../exposure/lines.ts';
import type { RuleSet } from '../../model/rule-set.ts';
import type { OwnAddresses } from '../../network/own-addresses.ts';
import { type FirewallName, firewallNames } from '../../network/topology.ts';
import { suggestionFor } from '../../suggest.ts';
import type { Rules } from '../../trial/lab.ts';
import { type RulesFile, readRulesFile, type Surroundings } from '../../trial/rules-file.ts';
import { oneOf } from '../context.ts';
import {
  type AddressOptions,
  addAddressOptions,
  collectNamed,
  type Named,
  ownAddressesOf,
} from './own-addresses.ts';

/** What a command's help says of arguments that are read by {@link readRules}. */
export const rulesHelp = `
A rule set is a shipped one by its name ("ftplab run --list" shows them), or one's own by its file: TypeScript
(.ts, .mts, .js, .mjs) for both firewalls, or what iptables-save printed, for one (--firewall, else isa-y). The lab
takes on the interfaces and addresses that such a file was written for:
  --inside eth1 --outside ppp0 --subnet y=10.1.2.0/24 --host y-server=10.1.2.15 --host vsftpd=203.0.113.77`;

/** What the commands about rule sets are told of iptables-save files. */
export interface RulesOptions extends AddressOptions {
  readonly firewall?: string;
  readonly ipset?: string;
  readonly host?: Named[];
}

/** Gives a command the options about iptables-save files. */
export function addRulesOptions(command: Command): Command {
  command.option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")');
  return addAddressOptions(command)
    .option('--host <name=address>', 'the address of a client or server (may be given again)', collectNamed)
    .option('--ipset <file>', 'the sets that an iptables-save file refers to, as ipset save prints them');
}

/** A word of the command line and the rules that it stands for. */
export interface NamedRules {
  readonly word: string;
  readonly file: RulesFile;
}

/**
 * The rules that words on the command line stand for, each a shipped rule set by its name, else a file; and the addresses
 * that the lab is to have for them. Throws LabError `usage` for what is neither, and for whatever is wrong with a file or
 * an option.
 */
export async function readRules(
  words: readonly string[],
  options: RulesOptions,
): Promise<{ readonly files: readonly NamedRules[]; readonly own: OwnAddresses }> {
  const { firewall, surroundings } = surroundingsOf(options);
  const files: NamedRules[] = [];
  for (const word of words) files.push({ word, file: await readOne(word, firewall, surroundings) });
  return { files, own: surroundings.own };
}

/** The firewall that an iptables-save file is for, and what goes with the file. Throws LabError `usage`. */
export function surroundingsOf(options: RulesOptions): {
  readonly firewall: FirewallName;
  readonly surroundings: Surroundings & { readonly own: OwnAddresses };
} {
  const firewall = oneOf('firewall', options.firewall ?? 'isa-y', firewallNames);
  const { host = [], ipset } = options;
  for (const { name, value } of host) {
    oneOf('client or server', name, everyHost);
    if (value === undefined)
      throw new LabError(
        'usage',
        'address-missing',
        `--host ${name} has no address`,
        `Write --host ${name}=ADDRESS.`,
      );
  }
  const own = ownAddressesOf(options, host, firewall);
  const surroundings = { own, endOptions: '--host NAME=ADDRESS', ...(ipset === undefined ? {} : { ipset }) };
  return { firewall, surroundings };
}

async function readOne(word: string, firewall: FirewallName, surroundings: Surroundings): Promise<RulesFile> {
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
  return readRulesFile(word, firewall, surroundings);
}

/** Whether rules were written as a rule set, in ISA's terms, and not as iptables. */
export function isRuleSet(rules: Rules): rules is RuleSet {
  return 'firewalls' in rules && 'description' in rules;
}
