/*
 * Which line of a file a rule in force comes from. The kernel prints rules in a form of its own, so a rule is found by its
 * place in its chain, not by its text.
 */
import type { RuleMet } from '../model/packet.ts';
import { type Family, families } from '../network/family.ts';
import { readTables, type SavedFile, type SavedRule, type SavedTable } from './iptables-save.ts';
import { withoutCounters } from './iptables-syntax.ts';
import { ofIp6tables } from './nft/table-name.ts';

/** A rule in force: table, chain, and its text as `iptables-save` prints it. */
export type RuleInForce = Pick<RuleMet, 'table' | 'chain'> & { readonly rule: string };

/** A rule as a file has it. */
export interface WrittenRule extends Pick<SavedRule, 'line' | 'text'> {
  /** The included file that has the line, if it is not the user's file itself. */
  readonly file?: string;
}

/**
 * Finds the file's rule that a rule in force comes from. `file` is what was loaded, `kernel` what `iptables-save` printed
 * afterwards. `undefined` for a rule of neither, and in a chain where the two do not have the same number of rules.
 */
export function ruleFinder(
  file: readonly SavedTable[],
  kernel: readonly SavedTable[],
): (rule: RuleInForce) => SavedRule | undefined {
  const found = new Map<string, SavedRule>();
  for (const { name, chains, rules } of kernel) {
    const own = file.find((table) => table.name === name);
    for (const chain of chains) {
      const printed = rules.filter((rule) => rule.chain === chain);
      const written = own ? rulesInOrder(own.rules.filter((rule) => rule.chain === chain)) : [];
      if (printed.length !== written.length) continue;
      for (const [index, { text }] of printed.entries()) {
        const key = keyOf({ table: name, chain, rule: text });
        const rule = written[index];
        // Of rules with the same text the first decides.
        if (rule && !found.has(key)) found.set(key, rule);
      }
    }
  }
  return (rule) => found.get(keyOf(rule));
}

/** A place's files by what they are for. */
export interface FilesByFamily {
  readonly saved: SavedFile;
  readonly saved6?: SavedFile;
}

/** The file for a version of IP, and what the names of its tables begin with. */
export function filesOf({ saved, saved6 }: FilesByFamily): {
  readonly family: Family;
  readonly file: SavedFile;
  readonly prefix: string;
}[] {
  const byFamily = { ipv4: saved, ipv6: saved6 };
  return families.flatMap((family) => {
    const file = byFamily[family];
    return file ? [{ family, file, prefix: family === 'ipv4' ? '' : ofIp6tables }] : [];
  });
}

/** {@link ruleFinder} for a place's files; `kernel`: what iptables-save and ip6tables-save printed. */
export function ruleFinderIn(
  files: FilesByFamily,
  kernel: Readonly<Record<Family, string>>,
): (rule: RuleInForce) => (SavedRule & WrittenRule) | undefined {
  const finders = filesOf(files).map(({ family, file, prefix }) => ({
    prefix,
    called: file.called,
    find: ruleFinder(file.tables, kernel[family] === '' ? [] : readTables(kernel[family], family)),
  }));
  return (rule) => {
    const isOf6 = rule.table.startsWith(ofIp6tables);
    const finder = finders.find(({ prefix }) => (prefix === ofIp6tables) === isOf6);
    const found = finder?.find({ ...rule, table: rule.table.slice(finder.prefix.length) });
    return found && { ...found, ...(finder?.called !== undefined && { file: finder.called }) };
  };
}

function keyOf({ table, chain, rule }: RuleInForce): string {
  return `${table}\n${chain}\n${withoutCounters(rule).trim()}`;
}

/**
 * Rules of one chain as the kernel asks them (iptables(8)): `-I` puts a rule first, or at the number it gives, and a rule with
 * several addresses becomes one for each.
 */
export function rulesInOrder(rules: readonly SavedRule[]): SavedRule[] {
  const ordered: SavedRule[] = [];
  for (const rule of rules) {
    const inserted = /^(?:-I|--insert)\s/.test(withoutCounters(rule.text));
    const numbered = inserted && /^\d+$/.test(rule.options[0] ?? '');
    const each = withOneAddress({ ...rule, options: numbered ? rule.options.slice(1) : rule.options });
    // Each goes to the same place, before the one that went there last.
    if (inserted) ordered.splice(numbered ? Number(rule.options[0]) - 1 : 0, 0, ...each.reverse());
    else ordered.push(...each);
  }
  return ordered;
}

function withOneAddress(rule: SavedRule): SavedRule[] {
  const { options } = rule;
  const at = options.findIndex(
    (option, index) => option.includes(',') && addressOptions.has(options[index - 1] ?? ''),
  );
  if (at < 0) return [rule];
  const addresses = (options[at] ?? '').split(',');
  return addresses.flatMap((address) => withOneAddress({ ...rule, options: options.with(at, address) }));
}

const addressOptions = new Set(['-s', '--source', '--src', '-d', '--destination', '--dst']);

/**
 * The way of a packet to the rule or policy that decided about it: the rule of the built-in chain first, then the rule of
 * each chain that the packet was sent to, the deciding one last. A chain's policy has no rule.
 */
export function wayToDecision(
  met: readonly RuleMet[],
  decision: Pick<RuleMet, 'table' | 'chain'>,
): RuleMet[] {
  const way: RuleMet[] = [];
  for (const rule of met) {
    if (rule.table !== decision.table) continue;
    // The packet has come back from the chains that this rule does not stand in.
    while (way.length > 0 && targetChain(way.at(-1)) !== rule.chain) way.pop();
    way.push(rule);
  }
  return way;
}

/** The chain that a matching rule sent the packet to: nft says `jump CHAIN` or `goto CHAIN`. */
function targetChain(rule: RuleMet | undefined): string | undefined {
  return /^(?:jump|goto) (\S+)$/.exec(rule?.verdict ?? '')?.[1];
}
