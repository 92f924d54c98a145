/* A user's file of nft rules (nft(8)), with the files that it includes. */
import { LabError } from '../../errors.ts';
import { labTables } from './lab-tables.ts';
import { type Block, layoutOf, type Statement, statementsOf } from './statements.ts';

/** A file of nft rules. */
export interface NftFile {
  /**
   * What `nft -f` is given: the file with those that it includes, without `flush ruleset`, which would take the lab's own tables, and
   * without what makes a table go with the program that loads it.
   */
  readonly text: string;
  /** For each line of the text, from which file it is and its number there. */
  readonly lines: readonly LineOfFile[];
  readonly statements: readonly Statement[];
  readonly blocks: readonly Block[];
  /** Every file as it is, by its name in {@link LineOfFile}. */
  readonly sources: ReadonlyMap<string | null, string>;
  /** What it includes, as read. */
  readonly included: ReadIncluded;
}

/** A line of a file, from 1. */
export interface LineOfFile {
  /** The included file as the user's file names it; `null` for the user's file itself. */
  readonly file: string | null;
  readonly line: number;
}

/** Reads the files that a pattern names, in order; throws LabError `include-unreadable` if it names none that may be read. */
export type ReadIncluded = (
  pattern: string,
  by: string,
) => readonly (readonly [name: string, text: string])[];

/** Includes in includes: nft's own limit (nft(8), "INCLUDE FILES"). */
const deepest = 16;

/**
 * Says that a table goes with the program that made it, as firewalld's does since version 2.1 (nft(8), "TABLES"): the lab's is gone once
 * it has loaded the rules.
 */
const owned = /\bflags[ \t]+(?:owner|persist)(?:[ \t]*,[ \t]*(?:owner|persist))*[ \t]*;?/g;

const include = /^\s*include\s+"([^"]+)"\s*;?\s*$/;

/** Reads a file of nft rules; `own`: its name, if its lines are not those of the only file. Throws LabError `include-unreadable`, `lab-table`. */
export function readNftFile(text: string, included: ReadIncluded, own: string | null = null): NftFile {
  const [texts, lines]: [string[], LineOfFile[]] = [[], []];
  const sources = new Map<string | null, string>([[own, text]]);
  const found = new Map<string, ReturnType<ReadIncluded>>();
  const read: ReadIncluded = (pattern, by) => {
    const files = found.get(pattern) ?? included(pattern, by);
    found.set(pattern, files);
    return files;
  };
  const take = (content: string, file: string | null, depth: number) => {
    for (const [index, line] of content.replaceAll('\r\n', '\n').split('\n').entries()) {
      const [, pattern] = include.exec(line) ?? [];
      const by = `line ${index + 1}${file === null ? '' : ` of ${file}`}`;
      if (pattern === undefined || depth > deepest) {
        texts.push(line);
        lines.push({ file, line: index + 1 });
        continue;
      }
      for (const [name, further] of read(pattern, by)) {
        sources.set(name, further);
        take(further, name, depth + 1);
      }
    }
  };
  take(text, own, 0);
  const whole = withoutFlush(texts.join('\n')).replaceAll(owned, (flags) => ' '.repeat(flags.length));
  const { statements, blocks } = layoutOf(whole);
  refuseHiddenInclude(statements, lines);
  refuseLabTables(statements, lines);
  return { text: whole, lines, statements, blocks, sources, included: read };
}

/** What `flush ruleset` does at its place: nothing of what stands before it is left but definitions. */
function withoutFlush(text: string): string {
  const commands = statementsOf(text);
  const last = commands.findLastIndex((one) => one.chain === undefined && /^flush ruleset\b/.test(one.text));
  if (last < 0) return text;
  const end = commands[last]?.span[1] ?? 0;
  const kept = commands.filter(
    ({ span, text: command }) => span[1] <= end && /^(?:re)?define\b/.test(command),
  );
  const blank = (part: string) => part.replaceAll(/[^\n]/g, ' ');
  let [start, at] = ['', 0];
  for (const { span } of kept) {
    start += blank(text.slice(at, span[0])) + text.slice(...span) + (text[span[1]] === ';' ? ';' : '');
    at = span[1] + (text[span[1]] === ';' ? 1 : 0);
  }
  return start + blank(text.slice(at, end)) + text.slice(end).replace(/^;/, ' ');
}

/** Nft itself would look for the file on another machine than the user's, and a pattern that matches nothing is no error to it. */
function refuseHiddenInclude(statements: readonly Statement[], lines: readonly LineOfFile[]): void {
  const found = statements.find(({ text }) => /^include\s*"/.test(text));
  if (!found) return;
  throw new LabError(
    'usage',
    'include-unreadable',
    `${placeInWords(lines[found.line - 1])} includes a file beside other words (${found.text})`,
    'Write the include on a line of its own.',
  );
}

/** A command, with the table that it is about. */
const ofTable =
  /^(?:[a-z]+ )?(?:table|chain|rule|set|map|element|flowtable) (?:(ip6?|inet|arp|bridge|netdev) )?(\S+)/;

function refuseLabTables(statements: readonly Statement[], lines: readonly LineOfFile[]): void {
  const found = statements.find(({ text, chain }) => {
    const [, family = 'ip', table] = ofTable.exec(chain === undefined ? text : `chain ${chain}`) ?? [];
    return table !== undefined && labTables.includes(`${family} ${table}`);
  });
  if (!found) return;
  throw new LabError(
    'usage',
    'lab-table',
    `${placeInWords(lines[found.line - 1])} is about a table of the lab's own (${found.chain ?? found.text})`,
    'Save the rules on the firewall itself: nft list ruleset > FILE.',
  );
}

/** `Line 3`, `Line 3 of extra.nft`. */
export function placeInWords({ file, line }: LineOfFile = { file: null, line: 1 }): string {
  return `Line ${line}${file === null ? '' : ` of ${file}`}`;
}

/** How many of nft's complaints are shown: one mistake often brings several. */
const shown = 3;

/** nft's message about the text, by the user's lines. */
export function inLinesOf({ lines }: NftFile, message: string): string {
  const parts = message.split(/^(?=(?:\/dev\/stdin|-):\d+:\d+)/m);
  const told = parts.slice(0, shown).map((part) =>
    part.replace(/^(?:\/dev\/stdin|-):(\d+):[\d-]+: /, (_all, number: string) => {
      const { file, line } = lines[Number(number) - 1] ?? { file: null, line: Number(number) };
      return `line ${line}${file === null ? '' : ` of ${file}`}: `;
    }),
  );
  return `${told.join('').trim()}${parts.length > shown ? `\n... and ${parts.length - shown} more` : ''}`;
}
