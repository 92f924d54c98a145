import type { SavedRule, SavedTable } from './iptables-save.ts';
import { affirmed, builtInChains, targetOf, valuesOf, words } from './iptables-syntax.ts';
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
  readonly tables: readonly SavedTable[];
  /** `ipset restore` input. */
  readonly sets?: string;
  readonly interfaces?: readonly string[];
  /** Whether the rules are a client's or server's own. Default false. */
  readonly onHost?: boolean;
}

/**
 * The rules on an upload's path that decide by time, count or chance. If empty, a packet that was dropped once is
 * always dropped.
 */
export function dependsOnTimeOrChance({ tables, sets = '', interfaces, onHost }: Timed): string[] {
  const met = metByUploads(tables, interfaces ?? null, onHost);
  const setsChange = / timeout \d/.test(sets) || [...met].some(({ options }) => targetOf(options) === 'SET');
  return tables.flatMap((table) => {
    const decides = decidingChains(table);
    return table.rules
      .filter((rule) => met.has(rule) && decides.has(rule.chain) && changes(rule, setsChange))
      .filter(({ options }) => isDeciding(targetOf(options), table, decides))
      .map(({ text }) => text);
  });
}

/**
 * Those of {@link dependsOnTimeOrChance} after which a packet that was dropped may pass when it is sent again a little later. A
 * rule by the clock, by what one connection has carried, or by a quota that was used up goes on deciding alike.
 */
export function mayPassLater(timed: Timed): string[] {
  return dependsOnTimeOrChance(timed).filter((text) => !isSteady(words(text) ?? []));
}

/** Those of them that decide about one connection by what others did: attempts at the same time would be in each other's way. */
export function remembersOthers(timed: Timed): string[] {
  const alone = ['time', 'connbytes', 'bpf', 'cpu'];
  return dependsOnTimeOrChance(timed).filter((text) =>
    changeableIn(words(text) ?? []).some((match) => !alone.includes(match)),
  );
}

/** Until when TCP has sent a packet again that was dropped as it opened a connection (RFC 6298: after 1 s), in milliseconds. */
const secondCopy = 900;

/** Longer than this, in milliseconds, no rule is waited for: few clients would. */
const longestWait = 10_000;

/**
 * For how long a packet that one of {@link mayPassLater} dropped may have to be sent again until it passes, in milliseconds: until
 * a rate has room again, a time is over, or chance has had its turns.
 */
export function passesWithin(timed: Timed): number {
  const waits = mayPassLater(timed)
    .map((text) => words(text) ?? [])
    .flatMap((options) => changeableIn(options).map((match) => passesAfter(match, options)));
  return longestOf(waits);
}

/** The longest of the waits that a client would make, in milliseconds; at least until TCP has sent the packet again. */
export function longestOf(waits: readonly number[]): number {
  return Math.max(secondCopy, ...waits.filter((wait) => wait <= longestWait));
}

function passesAfter(match: string, options: readonly string[]): number {
  const given = (...names: string[]) =>
    options.find((_option, index) => names.includes(options[index - 1] ?? ''));
  switch (match) {
    case 'limit':
      return roomAfter(given('--limit') ?? '3/hour');
    case 'hashlimit':
      return roomAfter(given('--hashlimit', '--hashlimit-upto', '--hashlimit-above') ?? '');
    case 'recent':
      return options.includes('--update') ? 0 : Number(given('--seconds') ?? 0) * 1000;
    case 'statistic':
      // TCP sends what opens a connection again after 1, 2, 3 and 4 s.
      return Math.min(Number(given('--every') ?? 5) - 1, 4) * 1000;
    default:
      return 0;
  }
}

/** How long a rate such as `20/min` takes for one packet, in milliseconds; 0 for a rate in bytes. */
function roomAfter(rate: string): number {
  const [, packets, unit] = /^(\d+)\/(s|m|h|d)/.exec(rate) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ''];
  return seconds === undefined ? 0 : (seconds * 1000) / Number(packets);
}

function changeableIn(options: readonly string[]): string[] {
  const matches = valuesOf(options, '-m', '--match').filter((match) => changeable.has(match));
  return matches.length > 0 ? matches : ['set'];
}

function isSteady(options: readonly string[]): boolean {
  const given = (name: string) => affirmed(options)[affirmed(options).indexOf(name) + 1] ?? '';
  return changeableIn(options).every((match) => {
    switch (match) {
      case 'time':
      case 'bpf':
        return true;
      case 'connbytes':
        return /^\d+(:|$)(?!\d)/.test(given('--connbytes'));
      case 'quota':
        return ['ACCEPT', 'RETURN'].includes(targetOf(options) ?? '');
      case 'statistic':
        return given('--every') === '1' || given('--probability').startsWith('1');
      default:
        return false;
    }
  });
}

function changes({ options }: SavedRule, setsChange: boolean): boolean {
  const matches = valuesOf(options, '-m', '--match');
  return (
    matches.some((match) => changeable.has(match)) ||
    options.includes('--ctexpire') ||
    // The next packet may be sent to another port (iptables-extensions(8), DNAT and REDIRECT).
    (['DNAT', 'REDIRECT'].includes(targetOf(options) ?? '') && options.includes('--random')) ||
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
