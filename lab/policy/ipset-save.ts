/** Reads the output of `ipset save` (ipset(8)), so that rules that refer to ipsets can be tried. */
import { LabError } from '../errors.ts';
import type { Family } from '../network/family.ts';
import type { SavedTable } from './iptables-save.ts';

/** The names of the ipsets that `ipset save` text creates. Throws LabError `ipset-file-malformed` with the line. */
export function setNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [command, name, type] = line.trim().split(/\s+/);
    if (command === 'create' && name !== undefined && type !== undefined) names.add(name);
    else if (command !== 'add' || name === undefined) throw malformed(index + 1, line, '"create" or "add"');
    else if (!names.has(name)) throw malformed(index + 1, line, `"create ${name} ..." before it`);
  }
  if (names.size === 0) throw new LabError('usage', code, 'The file creates no set', source);
  return names;
}

const code = 'ipset-file-malformed';
const source = '"ipset save > FILE" makes such a file.';

function malformed(line: number, text: string, expected: string): LabError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  return new LabError(
    'usage',
    code,
    `Line ${line} is ${JSON.stringify(shown)}; expected ${expected}`,
    source,
  );
}

/** An ipset that a rule matches or changes, and how many parts of a packet it looks at: `src,dst` are two. */
export interface SetUse {
  readonly name: string;
  readonly parts: number;
}

/** The ipsets that a rule refers to (iptables-extensions(8), "set" and "SET"). */
export function setsOf(options: readonly string[]): SetUse[] {
  return options.flatMap((option, index) =>
    /^--(match-set|add-set|del-set|map-set)$/.test(option)
      ? [{ name: options[index + 1] ?? '', parts: (options[index + 2] ?? '').split(',').length }]
      : [],
  );
}

/** Types of ipsets that accept any address, by the number of parts. */
const types = ['hash:net', 'hash:net,net', 'hash:net,port,net'];

/** `ipset restore` input that creates an empty ipset for each name that the rules refer to and that is not in `known`; `family`: the rules'. */
export function emptySets(
  tables: readonly SavedTable[],
  known: ReadonlySet<string>,
  family: Family = 'ipv4',
): string {
  const missing = new Map<string, number>();
  for (const { rules } of tables)
    for (const { options } of rules)
      for (const { name, parts } of setsOf(options)) if (!known.has(name)) missing.set(name, parts);
  const of6 = family === 'ipv6' ? ' family inet6' : '';
  return [...missing]
    .map(([name, parts]) => `create ${name} ${types[parts - 1] ?? types[0]}${of6}\n`)
    .join('');
}
