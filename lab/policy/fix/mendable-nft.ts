/* Changes to a file of nft rules as somebody would make them by hand: in the file's own style, blocks or commands. */
import type { NftRules } from '../compile.ts';
import { keptNft } from '../nft/kept-nft.ts';
import type { NftChain, NftRule, NftRuleset } from '../nft/listing.ts';
import { type NftFile, readNftFile } from '../nft/nft-file.ts';
import { patchOf } from './edit-rules.ts';
import { inNft, nftGround, nftStyleOf } from './in-nft.ts';
import { inserted, originOf } from './insertions.ts';
import type { Mendable } from './mendable.ts';
import { isOfIPv6, type Place, type Repair } from './repair.ts';

/** What was added at one place. */
interface Addition {
  readonly id: number;
  /** As {@link NftRule.table} has it. */
  readonly table: string;
  /** The file, by its name in LineOfFile. */
  readonly file: string | null;
  /** Where, in the file as it was found. */
  readonly at: number;
  readonly repairs: readonly Repair[];
  readonly write: (repairs: readonly Repair[]) => string;
}

/** A place in the files as they are now, and how a rule is written there. */
interface Site extends Pick<Addition, 'file' | 'table' | 'write'> {
  readonly offset: number;
}

/** A file of nft rules, as it was found, with what was added in order. */
export function mendableNft(asFound: NftRules, additions: readonly Addition[] = []): Mendable {
  const before = asFound.file.sources;
  const sources = new Map(
    [...before].map(([name, source]) => [name, inserted(source, textsFor(name, additions))] as const),
  );
  const file = additions.length === 0 ? asFound.file : fileOf(asFound.file, sources);
  const changed = [...sources].filter(([name, text]) => text !== before.get(name));
  const each = additions.flatMap((addition) => addition.repairs.map((repair) => ({ addition, repair })));
  return {
    rules: { ...asFound, file },
    text: sources.get(null) ?? '',
    patch: (path) =>
      changed
        .map(([name, text]) =>
          patchOf(
            name === null ? path : `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`,
            before.get(name) ?? '',
            text,
          ),
        )
        .join(''),
    added: each.length,
    without: (index) => {
      const gone = each[index];
      const left = additions.map((one) =>
        one === gone?.addition ? { ...one, repairs: one.repairs.filter((own) => own !== gone.repair) } : one,
      );
      return mendableNft(
        asFound,
        left.filter(({ repairs }) => repairs.length > 0),
      );
    },
    ground: ({ nft }) => nftGround(known(nft)),
    with: (repairs, { nft }) => {
      let all = additions;
      for (const repair of repairs) all = withRepair(all, repair, additions, file, known(nft));
      return mendableNft(asFound, all);
    },
    configuration: () => {
      const kept = keptNft(asFound.file.text);
      return kept && changed.length > 0
        ? { program: kept.name, steps: [kept.where, `Then "${kept.apply}".`] }
        : undefined;
    },
  };
}

function known(nft: NftRuleset | undefined): NftRuleset {
  if (!nft) throw new Error('What nft rules say is known once they are in force');
  return nft;
}

function textsFor(file: string | null, additions: readonly Addition[]) {
  const own = additions.filter((addition) => addition.file === file);
  return own.map(({ at, repairs, write }) => ({ at, text: write(repairs) }));
}

/** The file, from the texts of the same files as they are now. */
function fileOf({ included }: NftFile, sources: ReadonlyMap<string | null, string>): NftFile {
  return readNftFile(sources.get(null) ?? '', (pattern, by) =>
    included(pattern, by).map(([name, text]) => [name, sources.get(name) ?? text]),
  );
}

/** `file` and `nft` are those of the additions in `base`: places are found in it. */
function withRepair(
  additions: readonly Addition[],
  repair: Repair,
  base: readonly Addition[],
  file: NftFile,
  nft: NftRuleset,
): readonly Addition[] {
  const alike = (one: Repair) => sameBut(one, repair) && one.states.length > 0;
  const same = additions.find(({ repairs }) => repairs.some((one) => sameBut(one, repair)));
  // One rule takes both what a helper expects and what it has let in.
  if (same?.repairs.some((one) => alike(one) && repair.states.some((state) => !one.states.includes(state))))
    return additions.map((one) =>
      one === same
        ? {
            ...one,
            repairs: one.repairs.map((own) =>
              alike(own) ? { ...own, states: [...new Set([...own.states, ...repair.states])] } : own,
            ),
          }
        : one,
    );
  const follows = additions.find(
    ({ table, repairs }) =>
      (table.startsWith('inet ') || repairs.every((one) => isOfIPv6(one) === isOfIPv6(repair))) &&
      repairs.some(({ does, entrance }) => does === 'follow' && entrance === repair.entrance),
  );
  if (repair.does === 'follow' && follows)
    return same
      ? additions
      : additions.map((one) => (one === follows ? { ...one, repairs: [...one.repairs, repair] } : one));
  const site = siteOf(repair, file, nft);
  if (!site) return additions;
  const there = base.filter((addition) => addition.file === site.file);
  const { at, index } = originOf(site.offset, textsFor(site.file, base));
  const [own, others] = [
    additions.filter((addition) => addition.file === site.file),
    additions.filter((addition) => addition.file !== site.file),
  ];
  let position = own.findIndex(({ id }) => id === there[index - 1]?.id) + 1;
  // Rules for one place keep their order.
  while (own[position] && (own[position]?.at ?? 0) <= at && own[position]?.id !== there[index]?.id)
    position++;
  const added = {
    id: nextId++,
    file: site.file,
    table: site.table,
    at,
    repairs: [repair],
    write: site.write,
  };
  // One that is there already and does not do moves to where it does.
  return [...others, ...own.toSpliced(position, 0, added).filter((one) => one !== same)];
}

/** Tells additions apart. */
let nextId = 0;

/** Whether two rules differ by the states of connections at most, and stand in one chain. */
function sameBut(one: Repair, other: Repair): boolean {
  const key = ({ place, states: _states, purpose: _purpose, ...rest }: Repair) =>
    JSON.stringify([rest, place && chainOf(place)]);
  return key(one) === key(other);
}

function chainOf(place: Place): { readonly table: string; readonly chain: string } {
  const { table, chain } = place.at === 'end' ? place : place.rule;
  return { table, chain };
}

function siteOf(repair: Repair, file: NftFile, nft: NftRuleset): Site | undefined {
  const found = (table: string, site: Omit<Site, 'table'> | undefined) => site && { ...site, table };
  const words = (family: string, helper = 'ftp') => {
    const style = nftStyleOf(nft);
    return (one: Repair) => inNft(one, style, family, helper);
  };
  const { place } = repair;
  if (place !== null) {
    const { table } = chainOf(place);
    return found(table, siteAt(place, file, nft, words(familyOf(table))));
  }
  if (repair.does !== 'follow') {
    const chain = nft.chains.find(({ type, hook }) => type === 'nat' && hook === 'prerouting');
    return chain && found(chain.table, siteAt(endOf(chain), file, nft, words(familyOf(chain.table))));
  }
  const { table, object, chain } = helperPlace(repair, nft);
  if (table === undefined) return undefined;
  const write = words(familyOf(table), object);
  if (object !== undefined && chain) {
    const order = nft.rules.findIndex((rule) => rule.table === table && rule.chain === chain.name);
    const first = nftGround(nft).rules[order];
    return found(table, siteAt(first ? { at: 'before', rule: first } : endOf(chain), file, nft, write));
  }
  return found(table, newChain(table, object, repair, file, nft, write));
}

function endOf({ table, name }: NftChain): Place {
  return { at: 'end', table, chain: name };
}

function familyOf(table: string): string {
  return table.includes(' ') ? (table.split(' ')[0] ?? '') : 'ip';
}

/** `family name`. */
function fullName(table: string): string {
  return table.includes(' ') ? table : `ip ${table}`;
}

/**
 * Where the helper is attached: behind connection tracking, and in front of what translates the destination, since the kernel adjusts the
 * sequence numbers of a connection only if it has its helper by then (nf_nat_core.c, nf_nat_setup_info).
 */
function helperPlace(
  repair: Repair,
  nft: NftRuleset,
): { readonly table?: string; readonly object?: string; readonly chain?: NftChain } {
  const hook = repair.entrance.toLowerCase();
  const families = [isOfIPv6(repair) ? 'ip6' : 'ip', 'inet'];
  const here = nft.chains.filter(({ family }) => families.includes(family));
  const translated = here.filter((chain) => chain.type === 'nat' && chain.hook === hook);
  const latest = Math.min(...translated.map(({ prio = 0 }) => prio));
  const object = nft.helpers.find(({ family }) => families.includes(family));
  if (!object) {
    const filter = here.find(
      (chain) => chain.type === 'filter' && ['forward', 'input', 'output'].includes(chain.hook ?? ''),
    );
    return filter ? { table: filter.table } : {};
  }
  const chain = here.find(
    ({ table, type, hook: own, prio = 0 }) =>
      table === object.table && type === 'filter' && own === hook && prio > -200 && prio < latest,
  );
  return { table: object.table, object: object.name, ...(chain && { chain }) };
}

/** A chain for helpers, and their object if the file has none. */
function newChain(
  table: string,
  object: string | undefined,
  { entrance }: Repair,
  file: NftFile,
  nft: NftRuleset,
  words: (repair: Repair) => string,
): Omit<Site, 'table'> {
  const names = nft.chains.filter((one) => one.table === table).map(({ name }) => name);
  const chain = ['ftp-helper', 'ftp-helper-2'].find((name) => !names.includes(name)) ?? 'ftp-helper-3';
  const base = `type filter hook ${entrance.toLowerCase()} priority mangle; policy accept;`;
  const block = file.blocks.findLast(
    ({ kind, name, byCommand }) => kind === 'table' && name === fullName(table) && !byCommand,
  );
  const of = fullName(table);
  if (!block) {
    const source = file.sources.get(null) ?? '';
    return {
      file: null,
      offset: source.length,
      write: (repairs) =>
        [
          ...(source === '' || source.endsWith('\n') ? [] : ['']),
          ...(object === undefined ? [`add ct helper ${of} ftp { type "ftp" protocol tcp; }`] : []),
          `add chain ${of} ${chain} { ${base} }`,
          ...repairs.map((repair) => `add rule ${of} ${chain} ${words(repair)}`),
          '',
        ].join('\n'),
    };
  }
  const step = indentIn(file);
  const { indent: outer, before, start } = lineAround(file.text, block.end);
  const lines = (repairs: readonly Repair[]) => [
    ...(object === undefined ? ['', 'ct helper ftp {', `${step}type "ftp" protocol tcp;`, '}'] : []),
    '',
    `chain ${chain} {`,
    ...[base, ...repairs.map(words)].map((line) => `${step}${line}`),
    '}',
  ];
  return {
    ...placeIn(file, before === '' ? start : block.end),
    write: (repairs) =>
      lines(repairs)
        .map((line) => (line === '' ? '\n' : `${outer}${step}${line}\n`))
        .join(''),
  };
}

/** By how much the file's chains are indented in their tables. */
function indentIn({ text, blocks }: NftFile): string {
  const chain = blocks.find(({ kind, byCommand }) => kind === 'chain' && !byCommand);
  const around = chain && lineAround(text, chain.end);
  return around && around.before === '' && blocks.length > 1 ? around.indent : '\t';
}

/** The line that a place stands on: where it begins, its indentation, and what stands on it before the place. */
function lineAround(
  text: string,
  offset: number,
): { readonly start: number; readonly indent: string; readonly before: string } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  return { start, indent: /^\s*/.exec(line)?.[0] ?? '', before: line.trim() };
}

/** The place in the file that a place in the whole text is of. */
function placeIn({ text, lines, sources }: NftFile, offset: number): Pick<Site, 'file' | 'offset'> {
  const upTo = text.slice(0, offset).split('\n');
  const { file, line } = lines[upTo.length - 1] ?? { file: null, line: upTo.length };
  const before = (sources.get(file) ?? '').split('\n').slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return { file, offset: start + (upTo.at(-1)?.length ?? 0) };
}

function siteAt(
  place: Place,
  file: NftFile,
  nft: NftRuleset,
  words: (repair: Repair) => string,
): Omit<Site, 'table'> | undefined {
  const { table, chain } = chainOf(place);
  const own = nft.rules.filter((rule) => rule.table === table && rule.chain === chain);
  if (place.at !== 'end') return besideRule(nft.rules[place.rule.order], place.at, file, words);
  const last = own.at(-1);
  if (last) return besideRule(last, 'behind', file, words);
  const name = `${fullName(table)} ${chain}`;
  const block = file.blocks.findLast((one) => one.kind === 'chain' && one.name === name);
  if (!block || block.byCommand)
    return command(`add rule ${name} `, block ? block.end + 1 : file.text.length, file, words);
  const { start, indent, before } = lineAround(file.text, block.end);
  if (before === '') {
    const step = indentIn(file);
    return { ...placeIn(file, start), write: (repairs) => lined(repairs.map(words), `${indent}${step}`) };
  }
  const ended = /[;{]$/.test(before) ? '' : '; ';
  return {
    ...placeIn(file, block.end),
    write: (repairs) => `${ended}${repairs.map(words).join('; ')}; `,
  };
}

function lined(rules: readonly string[], indent: string): string {
  return rules.map((rule) => `${indent}${rule}\n`).join('');
}

/** A command on a line of its own, behind the line of a place. */
function command(
  prefix: string,
  offset: number,
  file: NftFile,
  words: (repair: Repair) => string,
): Omit<Site, 'table'> {
  const end = file.text.indexOf('\n', offset);
  const at = placeIn(file, end < 0 ? file.text.length : end + 1);
  const open = end < 0 && !file.text.endsWith('\n') ? '\n' : '';
  return {
    ...at,
    write: (repairs) =>
      open +
      lined(
        repairs.map((one) => prefix + words(one)),
        '',
      ),
  };
}

/** A command that adds or inserts a rule, up to the rule itself. */
const ruleCommand = /^(?:add|insert) rule (?:(?:ip6?|inet|arp|bridge|netdev) )?\S+ \S+ /;

function besideRule(
  rule: NftRule | undefined,
  at: 'before' | 'behind',
  file: NftFile,
  words: (repair: Repair) => string,
): Omit<Site, 'table'> | undefined {
  const statement = rule?.statement;
  if (!statement) return undefined;
  const { text } = file;
  const prefix = statement.chain === undefined ? (ruleCommand.exec(statement.text)?.[0] ?? '') : '';
  // What is inserted later comes first.
  const later = prefix.startsWith('insert') ? at === 'before' : at === 'behind';
  const [from, end] = statement.span;
  const to = from + text.slice(from, end).trimEnd().length;
  const { start, indent, before } = lineAround(text, from);
  const write = (repairs: readonly Repair[]) =>
    lined(
      repairs.map((one) => prefix + words(one)),
      indent,
    );
  const inLine = (repairs: readonly Repair[]) => repairs.map((one) => prefix + words(one)).join('; ');
  if (!later) {
    if (before === '') return { ...placeIn(file, aboveComments(text, start)), write };
    return { ...placeIn(file, from), write: (repairs) => `${inLine(repairs)}; ` };
  }
  const [rest = ''] = /^[^\n]*/.exec(text.slice(to)) ?? [];
  if (!/^[\s;]*(?:#.*)?$/.test(rest))
    return { ...placeIn(file, to), write: (repairs) => `; ${inLine(repairs)}` };
  const next = to + rest.length + 1;
  if (next <= text.length) return { ...placeIn(file, next), write };
  return { ...placeIn(file, text.length), write: (repairs) => `\n${write(repairs)}` };
}

/** Comments directly above a rule are about it. */
function aboveComments(text: string, start: number): number {
  let top = start;
  while (top > 0) {
    const line = text.lastIndexOf('\n', top - 2) + 1;
    if (!/^[ \t]*#/.test(text.slice(line, top))) break;
    top = line;
  }
  return top;
}
