/* A user's file on its way to one under which uploads work, in whichever language: rules are added, and nothing else changes. */
import type { FileRules, SavedRules } from '../compile.ts';
import { readSavedFile, type SavedRule } from '../iptables-save.ts';
import type { NftRuleset } from '../nft/listing.ts';
import type { RuleInForce } from '../rule-lines.ts';
import { patchOf, rulesAdded, withoutRule, withRules } from './edit-rules.ts';
import { type InConfiguration, inConfiguration } from './generators.ts';
import { inIptables, iptablesGround } from './in-iptables.ts';
import { type Ground, isOfIPv6, type Repair } from './repair.ts';

/** What is known of a file's rules once they are in force. */
export interface FileInForce {
  /** What the kernel has of nft rules. */
  readonly nft?: NftRuleset | undefined;
  /** Finds the rules of a file of iptables-save. */
  readonly find: (rule: RuleInForce) => SavedRule | undefined;
}

/** A file, with the rules that were added. */
export interface Mendable {
  readonly rules: FileRules;
  /** The user's file. */
  readonly text: string;
  /** The change as a unified diff that `patch -p0` applies; `path`: the file as the user named it. '' without a change. */
  readonly patch: (path: string) => string;
  /** How many rules were added. */
  readonly added: number;
  /** Without one of them, counted from 0; those before it keep their numbers. */
  readonly without: (index: number) => Mendable;
  readonly ground: (inForce: FileInForce) => Ground;
  /** With more rules. One that is there already is not added again. */
  readonly with: (repairs: readonly Repair[], inForce: FileInForce) => Mendable;
  /** How the program that wrote the file has the same in its configuration. */
  readonly configuration: (onHost: boolean) => InConfiguration | undefined;
}

/** A file of iptables-save, as it was found and as it is now. */
export function mendableSaved(asFound: SavedRules, rules = asFound): Mendable {
  const { saved } = rules;
  const before = asFound.saved;
  const having = (text: string) => mendableSaved(asFound, { ...rules, saved: readSavedFile(text) });
  const added = rulesAdded(before, saved).sort((a, b) => a.line - b.line);
  return {
    rules,
    text: saved.text,
    patch: (path) => (saved.text === before.text ? '' : patchOf(path, before.text, saved.text)),
    added: added.length,
    without: (index) => {
      const rule = added[index];
      return rule ? having(withoutRule(saved, rule, before)) : having(saved.text);
    },
    ground: ({ find }) => iptablesGround(saved.tables, find),
    // Rules about IPv6 stand in a file of their own.
    with: (repairs) => having(withRules(saved, repairs.filter((one) => !isOfIPv6(one)).map(inIptables))),
    configuration: (onHost) => inConfiguration(before.tables, rulesAdded(before, saved), onHost),
  };
}
