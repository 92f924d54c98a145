import { isDeepStrictEqual } from 'node:util';
import { toTenths } from '../../duration.ts';
import { hasIPv6 } from '../../has-ipv6.ts';
import { ftpFilterTable } from '../../model/packet.ts';
import type { FirewallRules } from '../../model/rule-set.ts';
import { asRange } from '../../network/family.ts';
import { idleTimeoutTable } from '../../policy/idle-timeout.ts';
import { tablePattern, tablesOf, usualTables } from '../../policy/iptables-syntax.ts';
import type { LoadResult } from '../protocol.ts';
import { besideNft, listNft, nftInForce, putNft, tablesOfIptables, takeNftAway } from './nft-rules.ts';
import { run } from './run.ts';

/** What this process has put in force, and how the kernel prints it. */
let inForce: (Loaded & { readonly kernel: Kernel }) | undefined;

interface Loaded extends Required<Omit<FirewallRules, 'addresses' | 'ruleset' | 'iptables6'>> {
  readonly tables: ReadonlyMap<string, string>;
}

/** What the kernel has. */
type Kernel = Pick<Required<FirewallRules>, 'iptables' | 'sets'>;

/**
 * Puts rules and their sets in force in this network namespace, all or none: if a tool refuses, the former rules are
 * put back and its message is returned. Then connection tracking is flushed, expectations included, so that no
 * connection of the former rules is an established one under the new ones. `listed`: whether to say what nft lists of them. Runs in a firewall, as root.
 */
export function loadRules(rules: FirewallRules, listed = false): LoadResult {
  const start = performance.now();
  const former = nftInForce();
  const message = loadInto(rules, former, !listed);
  if (message === '') giveAddresses(rules.addresses ?? []);
  const flushed = run('conntrack', ['-F']);
  if (flushed.failed) throw new Error(`Connection tracking could not be flushed: ${flushed.output}`);
  return {
    loaded: message === '',
    message,
    ms: toTenths(performance.now() - start),
    ...(message === '' && listed && rules.ruleset !== undefined && { listing: listNft() }),
  };
}

/** `own`: nft rules are those that the lab compiled. */
function loadInto(rules: FirewallRules, former: string | null, own: boolean): string {
  if (rules.ruleset === undefined) return loadAfterNft(rules, former);
  return /\S/.test(rules.iptables) ? loadBoth(rules, rules.ruleset, former) : loadNft(rules.ruleset, own);
}

/** Puts rules of both languages in force, side by side. Returns '' if that worked, else the message of the tool that refused. */
function loadBoth(rules: FirewallRules, ruleset: string, former: string | null): string {
  // First, so that what is refused changes nothing.
  const refused = putNft(ruleset, { check: true });
  if (refused !== '') return refused;
  const message = loadAfterNft(rules, former);
  if (message !== '') return message;
  const undone = putNft(ruleset, { keep: tablesOfIptables() });
  if (undone) throw new Error(`Nft takes the rules, and does not beside those of iptables: ${undone}`);
  return '';
}

/** Puts rules of iptables in force, of both versions of IP, after taking away the nft rules in force, if there are any. */
function loadAfterNft(rules: FirewallRules, former: string | null): string {
  const keep = besideNft();
  if (former !== null) takeNftAway();
  const message = withIptables6(rules.iptables6 ?? '', () => loadIptables(rules));
  const undone = message !== '' && former !== null ? putNft(former, { keep }) : '';
  if (undone) throw new Error(`The former rules could not be put back: ${undone}`);
  return message;
}

/** Puts a user's nft tables in force in place of iptables' tables and their sets. Returns '' if that worked, else nft's message. */
function loadNft(ruleset: string, own: boolean): string {
  const message = putNft(ruleset, { own });
  if (message !== '') return message;
  inForce = undefined;
  iptables6 = undefined;
  return destroySets();
}

/** What this process has given `ip6tables-restore` last; `undefined` if something else may be in force. */
let iptables6: string | undefined;

/** Puts rules for IPv6 in force, then the others; all or none. Returns '' if that worked, else the tool's message. */
function withIptables6(text: string, loadOthers: () => string): string {
  // A kernel without IPv6 forwards none.
  if (text === iptables6 || !hasIPv6()) return loadOthers();
  const before = iptables6 ?? run('ip6tables-save').output;
  const restore = (rules: string) => run('ip6tables-restore', [], withTables(rules, usualTables));
  const restored = restore(text);
  const message = restored.failed ? restored.output : loadOthers();
  iptables6 = message === '' ? text : before;
  if (message === '') return '';
  const undone = restore(before);
  if (undone.failed) throw new Error(`The former rules for IPv6 could not be put back: ${undone.output}`);
  return message;
}

/** Returns '' if that worked, else the tool's message; the former rules are then in force again. */
function loadIptables({ iptables, nft, sets = '' }: FirewallRules): string {
  // Only this process makes sets, so reading them once is enough.
  const kernel = { iptables: kernelRules(), sets: sets === '' && inForce?.sets === '' ? '' : kernelSets() };
  const known = isDeepStrictEqual(inForce?.kernel, kernel) ? inForce : undefined;
  const tables = tablesOf(iptables);
  const before = {
    iptables: withTables(kernel.iptables, [...usualTables, ...tables.keys()]),
    nft: known ? known.nft : readCompanion(),
    sets: kernel.sets,
  };
  const complete = withTables(iptables, leftTables(kernel.iptables));
  const sameSets = known ? known.sets === sets : kernel.sets === '' && sets === '';
  let message = sameSets ? '' : replaceSets(sets, before.iptables);
  if (message === '')
    message = apply(known && sameSets ? changedTables(complete, known.tables) : complete, nft, before.nft);
  inForce = undefined;
  if (message !== '') {
    const unset = sameSets ? '' : replaceSets(before.sets, complete);
    const undone = unset || apply(before.iptables, before.nft, '');
    if (undone) throw new Error(`The former rules could not be put back: ${undone}`);
  }
  // After the reply, so that nobody waits for it; the next request is read afterwards.
  if (message === '')
    setImmediate(() => {
      const now = { iptables: kernelRules(), sets: sets === '' ? '' : kernelSets() };
      inForce = { iptables, nft, sets, tables, kernel: now };
    });
  return message;
}

/** Further addresses that this process has given interfaces. */
let given: NonNullable<FirewallRules['addresses']> = [];

/** Gives interfaces these further addresses, in place of those of former rules. */
function giveAddresses(addresses: typeof given): void {
  const change = (what: 'replace' | 'delete', of: typeof given) => {
    for (const { device, address } of of) {
      const { failed, output } = run('ip', ['address', what, asRange(address), 'dev', device]);
      if (failed) throw new Error(`${device} could not be given ${address} (${what}): ${output}`);
    }
  };
  change('delete', given);
  given = [];
  change('replace', addresses);
  given = addresses;
}

/** `iptables-save -c`, `ip6tables-save -c`, and the companion with its counters. */
export function readCounters(): Required<Pick<FirewallRules, 'iptables' | 'iptables6' | 'nft'>> {
  return {
    iptables: run('iptables-save', ['-c']).output,
    iptables6: hasIPv6() ? run('ip6tables-save', ['-c']).output : '',
    nft: readCompanion(),
  };
}

/**
 * Rules without the tables that are already in force: committing a table costs the kernel some ten milliseconds, and
 * most rule sets differ in one. Their lines are left empty, so that iptables' messages name the right ones.
 */
function changedTables(iptables: string, tables: ReadonlyMap<string, string>): string {
  return iptables.replaceAll(tablePattern, (text, name) =>
    tables.get(name) === text ? text.replaceAll(/.+/g, '') : text,
  );
}

/** Rules with these tables too, empty if they are missing: iptables-restore empties only what it is given. */
function withTables(iptables: string, names: readonly string[]): string {
  const present = tablesOf(iptables);
  const missing = names.filter((name, index) => !present.has(name) && names.indexOf(name) === index);
  return iptables + missing.map((name) => `*${name}\nCOMMIT\n`).join('');
}

/** Tables in which former rules have left something. */
function leftTables(kernel: string): string[] {
  const left = [...tablesOf(kernel)].filter(([, text]) => /^(-A |:\S+ (-|DROP) )/m.test(text));
  return left.map(([name]) => name);
}

/** How long the kernel may take to release a set that no rule refers to any more, in milliseconds. */
const setsFreeWithin = 5000;

/**
 * Replaces all sets. A set that a rule refers to cannot be removed, so meanwhile the tables of `iptables` are empty and
 * forwarding is denied. Returns '' if that worked, else the tool's message.
 */
function replaceSets(sets: string, iptables: string): string {
  const names = [...new Set([...usualTables, ...tablesOf(iptables).keys()])];
  const empty = names.map((name) => `*${name}\n${name === 'filter' ? ':FORWARD DROP [0:0]\n' : ''}COMMIT\n`);
  const emptied = run('iptables-restore', [], empty.join(''));
  if (emptied.failed) return emptied.output;
  const destroyed = destroySets();
  if (destroyed !== '' || sets === '') return destroyed;
  maybeSets = true;
  const restored = run('ipset', ['restore'], sets);
  return restored.failed ? restored.output : '';
}

/** Whether there may be sets: only this process makes some, and one before it may have. */
let maybeSets = true;

/** Removes all sets, to which no rule refers any more. Returns '' if that worked, else ipset's message. */
function destroySets(): string {
  if (!maybeSets) return '';
  // The kernel frees what a removed rule referred to a little later.
  const end = performance.now() + setsFreeWithin;
  let destroyed = run('ipset', ['destroy']);
  while (destroyed.failed && performance.now() < end) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    destroyed = run('ipset', ['destroy']);
  }
  maybeSets = destroyed.failed;
  return destroyed.failed ? destroyed.output : '';
}

/** Puts rules in force, the companion in place of `formerNft`. Returns '' if that worked, else the tool's message. */
function apply(iptables: string, nft: string | null, formerNft: string | null): string {
  if (/\S/.test(iptables)) {
    const restored = run('iptables-restore', ['--counters'], iptables);
    if (restored.failed) return restored.output;
  }
  if (nft === formerNft) return '';
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete"). Timeouts stay
  // without a rule that uses them: "nft monitor", version 1.0.6, crashes if one is deleted.
  const replace = [
    `table ${ftpFilterTable}`,
    `delete table ${ftpFilterTable}`,
    `table ${idleTimeoutTable}`,
    `flush table ${idleTimeoutTable}`,
    nft ?? '',
  ];
  const companion = run('nft', ['-f', '-'], replace.join('\n'));
  return companion.failed ? companion.output : '';
}

/** What is in force, without the comments that carry the time of day, and without counters. */
function kernelRules(): string {
  return run('iptables-save')
    .output.replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]$/gm, '[0:0]');
}

/** The names of all sets. */
function kernelSets(): string {
  return run('ipset', ['save']).output;
}

function readCompanion(): string | null {
  const tables = [ftpFilterTable, idleTimeoutTable].map((table) =>
    run('nft', ['list', 'table', ...table.split(' ')]),
  );
  const present = tables.filter(({ failed }) => !failed).map(({ output }) => output);
  return present.length > 0 ? present.join('\n') : null;
}
