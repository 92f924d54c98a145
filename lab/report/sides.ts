import type { Exposure } from '../model/exposure.ts';
import type { Names } from '../model/names.ts';
import type { TriedRules } from '../model/result/comparison.ts';
import type { FirewallRules } from '../model/rule-set.ts';
import { firewallNames, type RulesPlace } from '../network/topology.ts';
import { type ChainChange, chainChanges } from '../policy/chain-changes.ts';
import { nothingRefused } from '../policy/compile.ts';
import { asRestoreInput } from '../policy/iptables-save.ts';
import { nftChanges } from '../policy/nft/changes.ts';
import { ofIp6tables } from '../policy/nft/table-name.ts';

/** What a change request is about. */
export interface Sides {
  readonly before: TriedRules;
  readonly after: TriedRules;
  /** What the user calls hosts, if they are called anything. */
  readonly names?: Names | undefined;
}

/** The language that the rules of both sides are written in; `mixed`: no steps lead from the one's to the other's. */
export function languageOf({ before, after }: Sides): Language | 'mixed' {
  const [was, is] = [languageOfSide(before), languageOfSide(after)];
  return was === is ? was : 'mixed';
}

/** What rules are written in; `both`: rules of iptables and of nft beside each other. */
export type Language = 'isa' | 'iptables' | 'nft' | 'both';

/** The language of one side. */
export function languageOfSide({ ruleSet, rules }: TriedRules): Language {
  if (ruleSet) return 'isa';
  const own = Object.values(rules ?? {}).find(({ ruleset }) => ruleset !== undefined);
  if (!own) return 'iptables';
  return /\S/.test(own.iptables) ? 'both' : 'nft';
}

/** What a place had loaded. Throws for a comparison that was read from version 1, which did not hold the rules. */
export function rulesOf({ name, rules }: TriedRules, place: RulesPlace): FirewallRules {
  if (!rules) throw new Error(`The comparison does not hold the rules of ${name}`);
  return rules[place] ?? nothingRefused;
}

/** The rules without the comment that names the rule set. */
export function rulesText({ iptables, iptables6 = '', nft, ruleset = '' }: FirewallRules): string {
  return iptables.replace(/^# .*\n/, '') + iptables6 + (nft ?? '') + ruleset;
}

/** The firewalls that the rules of both sides are for: a file is for one. */
export function firewallsOf({ before, after }: Sides): readonly RulesPlace[] {
  const only = before.firewall ?? after.firewall;
  return only ? [only] : firewallNames();
}

/** Those of them whose rules differ in what they do. */
export function changedFirewalls(sides: Sides): RulesPlace[] {
  const { before, after } = sides;
  return firewallsOf(sides).filter((name) => {
    const [was, is] = [rulesOf(before, name), rulesOf(after, name)];
    const language = languageOf(sides);
    if (language === 'isa' || language === 'mixed') return rulesText(was) !== rulesText(is);
    return changesOn(sides, name).length > 0 || was.nft !== is.nft || was.sets !== is.sets;
  });
}

/** The chains that change at a place. Both sides are written in the same language. */
export function changesOn({ before, after }: Sides, place: RulesPlace): ChainChange[] {
  const [was, is] = [rulesOf(before, place), rulesOf(after, place)];
  return [
    ...(/\S/.test(was.iptables + is.iptables) ? chainChanges(was.iptables, is.iptables) : []),
    ...changes6(was, is),
    ...nftChanges(was.ruleset ?? '', is.ruleset ?? ''),
  ];
}

/** Of what ip6tables loads; a side that loads nothing has empty tables. */
function changes6({ iptables6: was }: FirewallRules, { iptables6: is }: FirewallRules): ChainChange[] {
  if (was === is) return [];
  const empty = asRestoreInput('');
  return chainChanges(was ?? empty, is ?? empty, 'ipv6').map((change) => ({
    ...change,
    table: `${ofIp6tables}${change.table}`,
  }));
}

/** How a side is called: by its file, else by its name. */
export function titleOf({ file, name }: TriedRules): string {
  return file ?? name;
}

/** What was measured on ways that cross none but these firewalls: of the others a file says nothing. */
export function measuredAt(exposure: Exposure, firewalls: readonly RulesPlace[]): Exposure {
  return {
    ...exposure,
    lines: exposure.lines.filter((line) => line.firewalls.every((name) => firewalls.includes(name))),
    pinholes: exposure.pinholes.filter(({ firewall }) => firewalls.includes(firewall)),
  };
}
