/** The tables of a firewall, with their built-in chains (iptables(8), "tables"). */
export const builtInChains = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;

export type TableName = keyof typeof builtInChains;
export const tableNames = Object.keys(builtInChains) as TableName[];

/** The tables that every rule set has, even if empty. `security`, which SELinux uses, is only there if a file has it. */
export const usualTables = tableNames.filter((name) => name !== 'security');

/** Whether a chain is one that the kernel has in that table. */
export function isBuiltIn(table: string, chain: string): boolean {
  const own: readonly string[] = builtInChains[table as TableName] ?? [];
  return own.includes(chain);
}

/** A table in iptables-restore input, from `*name` to `COMMIT`. */
export const tablePattern = /^\*(\S+)$[\s\S]*?^COMMIT$/gm;

/** The text of each table in iptables-restore input, by its name. */
export function tablesOf(iptables: string): Map<string, string> {
  return new Map([...iptables.matchAll(tablePattern)].map(([text, name = '']) => [name, text]));
}

/** A rule's text without the `[packets:bytes]` that `iptables-save -c` puts first. */
export function withoutCounters(text: string): string {
  return text.replace(/^\[\d+:\d+\]\s+/, '');
}

/** A quoted value of an iptables-restore line, with `"`, `\` and `'` escaped as iptables-save writes them. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\']/g, '\\$&')}"`;
}

/**
 * The words of an iptables-restore line. Spaces separate them; within double quotes a space is kept and a backslash
 * takes the next character literally. Returns `undefined` if a quote is not closed.
 */
export function words(line: string): string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  let inQuotes = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (inQuotes && character === '\\') word = (word ?? '') + (line[++at] ?? '');
    else if (character === '"') {
      inQuotes = !inQuotes;
      word ??= '';
    } else if (!inQuotes && /\s/.test(character)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (inQuotes) return undefined;
  if (word !== undefined) found.push(word);
  return found;
}

/** The values of an option, in the forms that getopt_long(3) accepts: `-m x`, `-mx`, `--match x`, `--match=x`. */
export function valuesOf(options: readonly string[], short: string, long: string): string[] {
  const found: string[] = [];
  for (const [index, option] of options.entries()) {
    // A comment is text, even if it looks like an option.
    if (!option.startsWith('-') || options[index - 1] === '--comment') continue;
    if (option === short || option === long) found.push(...options.slice(index + 1, index + 2));
    else if (option.startsWith(long) && option[long.length] === '=')
      found.push(option.slice(long.length + 1));
    else if (option[1] !== '-' && option.startsWith(short)) found.push(option.slice(short.length));
  }
  return found;
}

/** The options of a rule, without those that `!` negates. */
export function affirmed(options: readonly string[]): string[] {
  return options.filter((_option, index) => options[index - 1] !== '!');
}

/** The target or chain that a matching packet goes to (`-j`, `-g`); `undefined` for a rule that only counts. */
export function targetOf(options: readonly string[]): string | undefined {
  return [...valuesOf(options, '-j', '--jump'), ...valuesOf(options, '-g', '--goto')][0];
}

/** Options whose value is TCP ports: one, a range or a list. */
export const portOptions: readonly string[] = [
  '--dport',
  '--destination-port',
  '--sport',
  '--source-port',
  '--dports',
  '--destination-ports',
  '--sports',
  '--source-ports',
  '--ports',
];
