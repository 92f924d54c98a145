import { readTables, type SavedRule, type SavedTable } from './iptables-save.ts';
import { builtInChains, targetOf, valuesOf } from './iptables-syntax.ts';
import { metByUploads } from './upload-path.ts';

/**
 * Matches whose result for the same packet depends on time, count or chance: a packet dropped now may pass when it is
 * sent again. From iptables-extensions(8), the last six from xtables-addons(8).
 */
const changeable = new Set([
  'bpf',
  'connbytes',
  'connlimit',
  'cpu',
  'hashlimit',
  'limit',
  'nfacct',
  'quota',
  'rateest',
  'recent',
  'statistic',
  'time',
  'condition',
  'fuzzy',
  'lscan',
  'pknock',
  'psd',
  'quota2',
]);

/** Targets after which the next rule is tried: a rule with such a target decides nothing. */
const undeciding = new Set(['AUDIT', 'LOG', 'NFLOG', 'ULOG', 'TRACE']);

/** Where to look for time and chance: rules, their ipsets, and the interfaces that uploads use, if known. */
export interface Timed {
  readonly iptables: string;
  /** `ipset restore` input. */
  readonly sets?: string;
  readonly interfaces?: readonly string[];
}

/**
 * The rules on an upload's path that decide by time, count or chance. If empty, a packet that was dropped once is
 * always dropped. Throws LabError if the text is not `iptables-restore` input.
 */
export function dependsOnTimeOrChance({ iptables, sets = '', interfaces }: Timed): string[] {
  const tables = readTables(iptables);
  const met = metByUploads(tables, interfaces ?? null);
  const setsChange = / timeout \d/.test(sets) || [...met].some(({ options }) => targetOf(options) === 'SET');
  return tables.flatMap((table) => {
    const decides = decidingChains(table);
    return table.rules
      .filter((rule) => met.has(rule) && decides.has(rule.chain) && changes(rule, setsChange))
      .filter(({ options }) => isDeciding(targetOf(options), table, decides))
      .map(({ text }) => text);
  });
}

function changes({ options }: SavedRule, setsChange: boolean): boolean {
  const matches = valuesOf(options, '-m', '--match');
  return (
    matches.some((match) => changeable.has(match)) ||
    options.includes('--ctexpire') ||
    (matches.includes('set') &&
      (setsChange || options.some((option) => /^--(packets|bytes)-(eq|lt|gt)$/.test(option))))
  );
}

/**
 * Chains that can decide: the built-in ones, and those with a rule that decides. A chain that only logs or returns
 * decides nothing.
 */
function decidingChains(table: SavedTable): ReadonlySet<string> {
  const decides = new Set<string>(builtInChains[table.name]);
  let before: number;
  do {
    before = decides.size;
    for (const { chain, options } of table.rules) {
      const target = targetOf(options);
      if (target !== 'RETURN' && isDeciding(target, table, decides)) decides.add(chain);
    }
  } while (decides.size > before);
  return decides;
}

function isDeciding(
  target: string | undefined,
  { chains }: SavedTable,
  decides: ReadonlySet<string>,
): boolean {
  if (target === undefined) return true;
  return chains.includes(target) ? decides.has(target) : !undeciding.has(target);
}
