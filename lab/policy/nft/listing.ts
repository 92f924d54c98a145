/*
 * What the kernel has of a user's nft rules, from nft's own listings: libnftables-json(5) for what rules ask and do, the plain listing
 * for how they read.
 */
import type { NftHook } from '../../model/packet.ts';
import type { NftListing } from '../../model/rule-set.ts';
import type { RuleInForce, WrittenRule } from '../rule-lines.ts';
import { type LineOfFile, type NftFile, placeInWords } from './nft-file.ts';
import type { Statement } from './statements.ts';
import { tableName } from './table-name.ts';

/** A value of JSON. */
export type Json = unknown;

/** A rule in force. */
export interface NftRule {
  /** As traces name it: the name in the family ip, else family and name. */
  readonly table: string;
  readonly family: string;
  readonly chain: string;
  /** As nft lists it, without counters. */
  readonly text: string;
  /** Its statements, as libnftables-json(5) has them. */
  readonly statements: readonly Readonly<Record<string, Json>>[];
  /** Where the file has it; `undefined` if that is not certain. */
  readonly place: LineOfFile | undefined;
  /** As the file has it; as nft lists it if that is not certain. */
  readonly written: string;
  /** The file's statement that it comes from; `undefined` if that is not certain. */
  readonly statement: Statement | undefined;
}

/** A chain in force. */
export interface NftChain {
  readonly table: string;
  readonly family: string;
  readonly name: string;
  /** Of a base chain. */
  readonly type?: string | undefined;
  readonly hook?: NftHook | undefined;
  /** Its priority. */
  readonly prio?: number | undefined;
  readonly policy?: 'accept' | 'drop' | undefined;
}

/** A set or map in force. */
export interface NftSet {
  readonly table: string;
  readonly name: string;
  readonly type: Json;
  readonly elements: readonly Json[];
  /** In milliseconds; 0 if what is added stays. */
  readonly timeout: number;
  readonly flags: readonly string[];
}

/** A user's nft rules in force. */
export interface NftRuleset {
  readonly chains: readonly NftChain[];
  readonly rules: readonly NftRule[];
  readonly sets: readonly NftSet[];
  /** Objects by which rules attach the FTP helper (nft(8), "CT HELPER"). */
  readonly helpers: readonly { readonly table: string; readonly family: string; readonly name: string }[];
}

type Fields = Readonly<Record<string, Json>>;

/** Brings a file and nft's listings of it together. */
export function rulesetOf(file: NftFile, listing: NftListing): NftRuleset {
  const texts = textsIn(listing.text);
  const objects = (kind: string) =>
    listing.json.flatMap((object) => {
      const own = (object as Fields)[kind];
      return own === undefined ? [] : [own as Fields & { readonly family: string; readonly name: string }];
    });
  const written = writtenRules(file);
  const chains = objects('chain').map((chain) => ({
    ...(chain as unknown as NftChain),
    table: tableName(chain.family, `${chain.table}`),
  }));
  const rules = objects('rule').map((rule) => ({
    ...(rule as unknown as { family: string; chain: string; handle: number; expr: Fields[] }),
    table: tableName(rule.family, `${rule.table}`),
    key: `${rule.family} ${rule.table} ${rule.chain}`,
  }));
  const inChain = new Map<string, number>();
  for (const { key } of rules) inChain.set(key, (inChain.get(key) ?? 0) + 1);
  const seen = new Map<string, number>();
  return {
    chains,
    rules: rules.map(({ table, key, family, chain, handle, expr }) => {
      const index = seen.get(key) ?? 0;
      seen.set(key, index + 1);
      const own = written.get(key) ?? [];
      // Of chains with another number of rules than the file has, nobody can tell which is which.
      const statement = own.length === inChain.get(key) ? own[index] : undefined;
      const text = texts.get(`${key} ${handle}`) ?? '';
      return {
        table,
        family,
        chain,
        text,
        statements: expr,
        place: statement && file.lines[statement.line - 1],
        written: statement?.written ?? text,
        statement,
      };
    }),
    sets: [...objects('set'), ...objects('map')].map((set) => ({
      table: tableName(set.family, `${set.table}`),
      name: set.name,
      type: set.type,
      elements: (set.elem as Json[] | undefined) ?? [],
      timeout: 1000 * Number(set.timeout ?? 0),
      flags: (set.flags as string[] | undefined) ?? [],
    })),
    helpers: objects('ct helper')
      .filter(({ type, protocol }) => type === 'ftp' && protocol === 'tcp')
      .map(({ family, table, name }) => ({ table: tableName(family, `${table}`), family, name })),
  };
}

/** A statement that is a rule, and what it says without the words of a command. */
type Written = Statement & { readonly written: string };

/** Rules by `family table chain`, in the order in which the kernel asks them. */
function writtenRules({ statements }: NftFile): ReadonlyMap<string, Written[]> {
  const rules = new Map<string, Written[]>();
  for (const statement of statements) {
    const { chain, text } = statement;
    const command = /^(add|insert) rule (?:(ip6?|inet|arp|bridge|netdev) )?(\S+) (\S+) (.*)$/.exec(text);
    const [, verb, family = 'ip', table, name, rest = ''] = command ?? [];
    const key = chain ?? (table === undefined ? undefined : `${family} ${table} ${name}`);
    if (key === undefined) continue;
    const own = rules.get(key) ?? [];
    rules.set(key, own);
    const rule = { ...statement, written: chain === undefined ? rest : text };
    if (verb === 'insert') own.unshift(rule);
    else own.push(rule);
  }
  return rules;
}

/** The text of each rule by `family table chain handle`. */
function textsIn(listing: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let [table, chain] = ['', ''];
  for (const line of listing.split('\n')) {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
    const [, text, handle] = /^\t\t(.*?)\s*# handle (\d+)$/.exec(line) ?? [];
    if (text !== undefined) texts.set(`${table} ${chain} ${handle}`, text);
  }
  return texts;
}

/** Finds the file's rule that a rule in force comes from. Of rules of one chain with the same text the first decides. */
export function nftRuleFinder({ rules }: NftRuleset): (rule: RuleInForce) => WrittenRule | undefined {
  return ({ table, chain, rule: text }) => {
    const found = rules.find((rule) => rule.table === table && rule.chain === chain && rule.text === text);
    if (!found?.place) return undefined;
    const { line, file } = found.place;
    return { line, text: found.written, ...(file !== null && { file }) };
  };
}

/** Where a rule stands, for a sentence: `Line 3 of extra.nft`, or its text. */
export function placeOfRule({ place, text }: NftRule): string {
  return place ? placeInWords(place) : `Rule "${text}"`;
}
