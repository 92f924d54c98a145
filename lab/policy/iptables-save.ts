/**
 * Reads the output of `iptables-save` (iptables-save(8)), so that rules from a real firewall can be tried. This checks
 * the file's form, with line numbers, and adds missing tables; iptables itself judges the rules when it loads them.
 */
import { LabError } from '../errors.ts';
import type { Family } from '../network/family.ts';
import {
  builtInChains,
  isBuiltIn,
  type TableName,
  tableNames,
  usualTables,
  withoutCounters,
  words,
} from './iptables-syntax.ts';

/** One `-A` or `-I` line. Lines are counted from 1. */
export interface SavedRule {
  readonly line: number;
  readonly chain: string;
  readonly text: string;
  /** The words after the chain. */
  readonly options: readonly string[];
}

export interface SavedTable {
  readonly name: TableName;
  /** The line on which the table begins. */
  readonly line: number;
  /** The names of the built-in and declared chains. */
  readonly chains: readonly string[];
  /** Where the file gives a built-in chain its policy, by chain. A chain that it does not declare has none here. */
  readonly policies: ReadonlyMap<string, ChainPolicy>;
  readonly rules: readonly SavedRule[];
}

/** What becomes of a packet at the end of a built-in chain. */
export interface ChainPolicy {
  readonly line: number;
  readonly policy: 'ACCEPT' | 'DROP';
}

/** A file that iptables-save or ip6tables-save printed. */
export interface SavedFile {
  readonly text: string;
  /** What the text says. */
  readonly tables: readonly SavedTable[];
  /** What verdicts call it, if it is not the only file of its place. */
  readonly called?: string;
}

/** In place of a file that a place does not have: the kernel's tables are empty and let everything pass. */
export const noFile: SavedFile = { text: '', tables: [] };

/** Whether a text is one that {@link readTables} reads. */
export function isTextOfRules(text: string): boolean {
  try {
    return readTables(text).length > 0;
  } catch {
    return false;
  }
}

/** `family`: which of both tools printed it. Throws LabError `iptables-file-malformed` with the line. */
export function readSavedFile(text: string, family: Family = 'ipv4'): SavedFile {
  return { text, tables: readTables(text, family) };
}

/**
 * What iptables-restore takes for a text of iptables-save: the text with line ends of Unix and every chain's counters, then each of
 * raw, mangle, nat and filter that it lacks as an empty table, so that nothing of earlier rules stays loaded.
 */
export function asRestoreInput(text: string): string {
  const own = text.replaceAll('\r\n', '\n').replaceAll(uncounted, '$& [0:0]');
  const missing = usualTables.filter((name) => !new RegExp(`^\\*${name}[ \\t]*$`, 'm').test(own));
  const empty = missing.map((name) => {
    const chains = builtInChains[name].map((chain) => `:${chain} ACCEPT [0:0]\n`);
    return `*${name}\n${chains.join('')}COMMIT\n`;
  });
  return `${own.endsWith('\n') ? own : `${own}\n`}${empty.join('')}`;
}

/** A chain without counters, which iptables-restore takes only if it is not told to restore counters. */
const uncounted = /^:\S+[ \t]+[^\s[]+(?=[ \t]*$)/gm;

/** The tables of an iptables-save file, in the file's order; `family`: those of ip6tables-save. Throws LabError `iptables-file-malformed`. */
export function readTables(text: string, family: Family = 'ipv4'): SavedTable[] {
  const reader = new Reader(family);
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.read(line, index + 1);
  return reader.end();
}

interface OpenTable extends SavedTable {
  readonly chains: string[];
  readonly policies: Map<string, ChainPolicy>;
  readonly rules: SavedRule[];
}

class Reader {
  readonly #tables: SavedTable[] = [];
  readonly #family: Family;
  #open: OpenTable | undefined;

  constructor(family: Family) {
    this.#family = family;
  }

  read(line: string, number: number): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (/[\x00-\x08\x0e-\x1f\ufffd]/.test(line)) throw malformed(number, line, 'text');
    if (line.trim() === '' || line.startsWith('#')) return;
    if (line.startsWith('*')) this.#begin(line, number);
    else if (!this.#open) throw malformed(number, line, 'a table first, such as "*filter"');
    else if (line.trim() === 'COMMIT') this.#commit(this.#open);
    else if (line.startsWith(':')) declareChain(this.#open, line, number);
    else readCommand(this.#open, this.#family, line, number);
  }

  end(): SavedTable[] {
    if (this.#open) throw notCommitted(this.#open, 'before the end of the file');
    if (this.#tables.length === 0)
      throw new LabError(
        'usage',
        code,
        'The file holds no table',
        `Expected a table such as "*filter". ${source}`,
      );
    return this.#tables;
  }

  #begin(line: string, number: number): void {
    if (this.#open) throw notCommitted(this.#open, `before line ${number}`);
    const name = line.slice(1).trim();
    if (!isTableName(name)) throw malformed(number, line, `one of the tables ${tableNames.join(', ')}`);
    const former = this.#tables.find((table) => table.name === name);
    if (former)
      throw malformed(number, line, `each table once, and ${name} is in line ${former.line} already`);
    this.#open = { name, line: number, chains: [...builtInChains[name]], policies: new Map(), rules: [] };
  }

  #commit(table: OpenTable): void {
    this.#tables.push(table);
    this.#open = undefined;
  }
}

/** `:CHAIN POLICY [packets:bytes]`; a user-defined chain has the policy `-`. */
function declareChain(table: OpenTable, line: string, number: number): void {
  const [, chain = '', policy = ''] = /^:(\S+)\s+(\S+)(?:\s+\[\d+:\d+\])?\s*$/.exec(line) ?? [];
  if (chain === '') throw malformed(number, line, 'a chain, such as ":FORWARD DROP [0:0]"');
  const builtIn = isBuiltIn(table.name, chain);
  if (builtIn) {
    if (policy !== 'ACCEPT' && policy !== 'DROP')
      throw malformed(number, line, 'policy ACCEPT or DROP for a built-in chain');
    table.policies.set(chain, { line: number, policy });
  }
  if (!builtIn && policy !== '-')
    throw malformed(
      number,
      line,
      `policy "-", since ${chain} is not a built-in chain of table ${table.name}`,
    );
  if (!table.chains.includes(chain)) table.chains.push(chain);
}

/**
 * A command as iptables(8) has it: `[packets:bytes] -A CHAIN ...`, the counters optional, `-I`, `-N CHAIN` or `-P CHAIN POLICY`.
 * A command with `-6` is for ip6tables-restore alone, one with `-4` for iptables-restore.
 */
function readCommand(table: OpenTable, family: Family, line: string, number: number): void {
  const all = words(withoutCounters(line));
  if (all === undefined) throw malformed(number, line, 'a closing quote');
  const [own, other] = family === 'ipv4' ? (['4', '6'] as const) : (['6', '4'] as const);
  if (all.some((word, index) => isFor(other, word) && all[index - 1] !== '--comment')) return;
  const [command, chain, ...rest] = all.filter(
    (word, index) => !isFor(own, word) || all[index - 1] === '--comment',
  );
  switch (command) {
    case '-A':
    case '--append':
    case '-I':
    case '--insert':
      addRule(table, { line: number, chain: chain ?? '', text: line, options: rest });
      return;
    case '-N':
    case '--new-chain':
      declareChain(table, `:${chain ?? ''} -`, number);
      return;
    case '-P':
    case '--policy':
      declareChain(table, `:${chain ?? ''} ${rest[0] ?? ''}`, number);
      return;
    default:
      throw malformed(number, line, 'a rule that begins with "-A CHAIN", or COMMIT');
  }
}

function isFor(version: '4' | '6', word: string): boolean {
  return word === `-${version}` || word === `--ipv${version}`;
}

function addRule(table: OpenTable, rule: SavedRule): void {
  const { line, chain, text, options } = rule;
  if (chain === '') throw malformed(line, text, 'the name of a chain after -A');
  if (!table.chains.includes(chain))
    throw malformed(
      line,
      text,
      `one of the chains ${table.chains.join(', ')}`,
      `Declare ${chain} in table ${table.name} with ":${chain} - [0:0]".`,
    );
  if (options.includes('-t') || options.includes('--table'))
    throw malformed(line, text, `a rule without -t: it stands in table ${table.name}`);
  table.rules.push(rule);
}

function isTableName(name: string): name is TableName {
  return (tableNames as readonly string[]).includes(name);
}

const code = 'iptables-file-malformed';
const source = '"iptables-save > FILE" makes such a file.';

function notCommitted({ name, line }: SavedTable, where: string): LabError {
  return new LabError(
    'usage',
    code,
    `Table ${name}, begun in line ${line}, has no COMMIT ${where}`,
    'End the table with a line COMMIT.',
  );
}

function malformed(line: number, text: string, expected: string, hint = source): LabError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  return new LabError('usage', code, `Line ${line} is ${JSON.stringify(shown)}; expected ${expected}`, hint);
}
