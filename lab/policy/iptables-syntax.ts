/** The tables of a firewall, with their built-in chains (iptables(8), "tables"). */
export const builtInChains = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;

export type TableName = keyof typeof builtInChains;
export const tableNames = Object.keys(builtInChains) as TableName[];

/** A value of an iptables-restore line, in quotes, with `"`, `\` and `'` escaped as iptables-save writes them. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\']/g, '\\$&')}"`;
}

/**
 * The words of an iptables-restore line: separated by blanks; in double quotes a blank is kept and a backslash takes
 * the next character as it is. Returns `undefined` where a quote is not closed.
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

/** Values of an option, in the forms that getopt_long(3) takes: `-m x`, `-mx`, `--match x`, `--match=x`. */
export function valuesOf(options: readonly string[], short: string, long: string): string[] {
  return options.flatMap((option, index) => {
    // A comment is text, even where it looks like an option.
    if (options[index - 1] === '--comment') return [];
    if (option === short || option === long) return options[index + 1] ?? [];
    if (option.startsWith(`${long}=`)) return option.slice(long.length + 1);
    return option.startsWith(short) && !option.startsWith('--') ? option.slice(short.length) : [];
  });
}
