import { existsSync } from 'node:fs';
import { duration } from '../duration.ts';
import { LabError, withFile } from '../errors.ts';
import { called, type Names } from '../model/names.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { IptablesRuleSet, RuleSet } from '../model/rule-set.ts';
import type { Scenario } from '../model/scenario.ts';
import { type Family, families } from '../network/family.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import {
  type FirewallName,
  isGateway,
  ownNetwork,
  type RulesPlace,
  usualFirewall,
} from '../network/topology.ts';
import { type FileRules, hostsWithRules, isOfFile, saved6In } from '../policy/compile.ts';
import { deviationsInWords } from '../policy/in-force.ts';
import { filesOf } from '../policy/rule-lines.ts';
import { suggestionFor } from '../suggest.ts';
import type { RulesFile } from './file-of-rules.ts';
import { knownScenarios } from './known-scenarios.ts';
import type { AttemptOptions, Lab } from './lab.ts';
import { readRulesFile } from './rules-file.ts';
import { standardInput } from './text-of.ts';

/** Rules as a user names them (a shipped rule set's name, or a file), or as code passes them. */
export type RulesSource = string | RuleSet | IptablesRuleSet;

/** Options for iptables-save files. */
export interface RulesOptions {
  /** Where they stand: a firewall, or a client or server whose own firewall they are. Default `isa-y`. */
  readonly on?: RulesPlace | undefined;
  /** A file with the ipsets that they refer to: the output of `ipset save`. */
  readonly ipset?: string | undefined;
  /** Whether `on`, `ipset` and interfaces hold only if there is such a file among the rules; else they are a mistake without one. Default false. */
  readonly ifAnyFile?: boolean | undefined;
  /** Go on with a file that may not hold all that decides; the notes then say so. Default false. */
  readonly asIs?: boolean | undefined;
  /** Interfaces and addresses that the lab copies from production. */
  readonly own?: OwnAddresses | undefined;
}

/** Rules, and the user's word for them. */
export interface NamedRules extends RulesFile {
  readonly word: string;
  /** The scenario that they come from. */
  readonly scenario?: Scenario;
}

/**
 * Reads rules, in order. Throws LabError `usage` if a source is neither a shipped rule set nor a file, if a file is
 * wrong, or if options for iptables-save files are given without such a file.
 */
export async function readRules(
  sources: readonly RulesSource[],
  options: RulesOptions = {},
): Promise<NamedRules[]> {
  const { on, ipset, ifAnyFile = false, own = noOwnAddresses } = options;
  const read: NamedRules[] = [];
  for (const source of sources) read.push(await readOne(source, options));
  const aboutFiles =
    on !== undefined ||
    ipset !== undefined ||
    [own.interfaces, own.hostInterfaces ?? {}].some((names) => Object.keys(names).length > 0);
  if (aboutFiles && !ifAnyFile && firewallOf(read) === null)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--on, --inside, --outside, --interface and --ipset do not apply to ${read.map(({ word }) => word).join(' and ')}: a rule set says itself what stands where`,
      'Leave these options out, or give an iptables-save file.',
    );
  return read;
}

async function readOne(
  source: RulesSource,
  { on = usualFirewall(), ipset, own, asIs }: RulesOptions,
): Promise<NamedRules> {
  if (typeof source !== 'string') return asNamed(source);
  const scenario = knownScenarios().find(({ name }) => name === source);
  if (scenario) return { ...asNamed(scenario.ruleSet), scenario };
  // Something that looks like a name is a misspelt rule set; something that looks like a path is a missing file.
  if (source !== standardInput && !existsSync(source) && !/[./\\]/.test(source))
    throw new LabError(
      'usage',
      'rule-set-unknown',
      `"${source}" is neither ${ownNetwork() === undefined ? 'a shipped rule set' : 'the rule set of a scenario in this network'} nor a file`,
      suggestionFor(
        source,
        knownScenarios().map(({ name }) => name),
      ),
    );
  const word = source === standardInput ? 'standard input' : source;
  return { word, ...(await readRulesFile(source, on, { ipset, own, asIs })) };
}

/** A rule set that needs no reading. */
export function asNamed(rules: RuleSet | IptablesRuleSet): NamedRules {
  return { word: rules.name, rules, notes: () => [] };
}

/**
 * Where the files among the rules stand, so that only uploads are tried about which these decide; `null` for rule sets.
 */
export function firewallOf(rules: readonly NamedRules[]): RulesPlace | null {
  return rules.flatMap(({ rules: one }) => (isOfFile(one) ? [one.firewall] : []))[0] ?? null;
}

/** The versions of IP that files of iptables-save and ip6tables-save among the rules are for; of other rules the usual one. */
export function versionsOf(rules: readonly Pick<NamedRules, 'rules'>[]): Family[] {
  const found = rules.flatMap(({ rules: one }) => {
    const given = one.kind === 'saved' || one.kind === 'both' ? filesOf(one) : [];
    const files = given.filter(({ file }) => file.tables.length > 0);
    return files.length > 0 ? files.map(({ family }) => family) : ['ipv4' as const];
  });
  return families.filter((family) => found.includes(family));
}

/**
 * {@link firewallOf} for what works between networks alone. Throws LabError `not-on-hosts` for a host's own firewall; `what`: what does
 * not work there.
 */
export function gatewayOf(what: string, rules: readonly NamedRules[], names?: Names): FirewallName | null {
  const place = firewallOf(rules);
  if (place === null || isGateway(place)) return place;
  throw new LabError(
    'usage',
    'not-on-hosts',
    `${what} works on the file of a firewall between networks, and not yet on that of ${called(place, names)}'s own firewall`,
    '"ftplab try" and "ftplab explain" show what such a file does.',
  );
}

/**
 * Throws LabError `not-on-hosts` for rules of which nobody can measure what they let through: those that have a host's own firewall
 * beside the firewalls between networks, or a host's file together with rules of the firewalls.
 */
export function refuseUnmeasurable(rules: readonly NamedRules[], names?: Names): void {
  const place = firewallOf(rules);
  for (const { word, rules: one } of rules) {
    const [host] = hostsWithRules(one);
    if (isOfFile(one) || (host === undefined && (place === null || isGateway(place)))) continue;
    throw new LabError(
      'usage',
      'not-on-hosts',
      host === undefined
        ? `${word} is for the firewalls between networks, and the other file for a host's own firewall: what the two let through cannot be held against each other`
        : `What ${word} lets through cannot be measured, because it has rules of ${called(host, names)}'s own firewall beside those of the firewalls between networks`,
      `Give rules of that host alone, as files: --on ${called(host ?? place ?? '', names)}.`,
    );
  }
}

/** Throws LabError `not-for-both` or `not-for-ip6tables` if two files stand beside each other, or one is of ip6tables-save; `what`: what does not work on these. */
export function refuseBoth(what: string, rules: readonly Pick<NamedRules, 'word' | 'rules'>[]): void {
  refuseIp6tables(what, rules);
  const both = rules.find(({ rules: one }) => one.kind === 'both');
  if (!both) return;
  throw new LabError(
    'usage',
    'not-for-both',
    `${what} works on one file, and ${both.word} is two that stand beside each other`,
    '"ftplab try" and "explain" name the rule that decides, in whichever file it is: change it in a copy, and hold both against each other by "ftplab compare".',
  );
}

/** Throws LabError `not-for-ip6tables` if one of the rules is, or has beside it, a file of ip6tables-save; `what`: what does not work on these. */
export function refuseIp6tables(what: string, rules: readonly Pick<NamedRules, 'word' | 'rules'>[]): void {
  const file = rules.find(({ rules: one }) => saved6In(one));
  if (!file) return;
  throw new LabError(
    'usage',
    'not-for-ip6tables',
    `${what} does not work on files of ip6tables-save yet, such as ${file.word}`,
    '"ftplab try" and "explain" name the line that decides: change it in a copy of the file, and hold both against each other by "ftplab compare".',
  );
}

/**
 * Loads rules. Returns notes for the reader of these attempts' verdicts. Throws LabError
 * `rule-set-does-not-load`, which names the user's file.
 */
export async function loadRules(
  lab: Lab,
  named: NamedRules,
  attempts: readonly AttemptOptions[] = [],
): Promise<RulesNote[]> {
  const ms = await putInForce(lab, named);
  const { rules, notes } = named;
  return [
    ...(isOfFile(rules)
      ? [fact(`${countOf(lab, rules).toLocaleString('en')} rules, loaded in ${duration(ms)}.`)]
      : []),
    ...(rules.kind === 'saved' || rules.kind === 'both'
      ? deviationsInWords(rules, await lab.rulesInForce(rules.firewall))
      : []),
    ...notes(lab, attempts),
    ...(lab.remembers
      ? [
          fact(
            'The rules depend on time, count or chance, so uploads are tried one by one and may influence each other.',
          ),
        ]
      : []),
  ];
}

function fact(text: string): RulesNote {
  return { kind: 'fact', text };
}

/** Loads rules; returns how long that took, in milliseconds. Throws as {@link loadRules} does, and as {@link RulesFile.refuse}. */
export async function putInForce(lab: Lab, { word, rules, refuse }: NamedRules): Promise<number> {
  const ms = await lab.load(rules).catch((error) => Promise.reject(withFile(error, word)));
  const { nft } = lab.inForce ?? {};
  if (nft) refuse?.(nft);
  return ms;
}

/** How many rules a file has. */
function countOf(lab: Lab, rules: FileRules): number {
  const ofNft = lab.inForce?.nft?.rules.length ?? 0;
  const tables = rules.kind === 'nft' ? [] : filesOf(rules).flatMap(({ file }) => file.tables);
  return tables.reduce((sum, { rules: own }) => sum + own.length, ofNft);
}
