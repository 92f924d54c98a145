/*
 * What the texts of a host's own rules say about all packets of one kind: that every one is accepted, that every one is refused,
 * or that the texts do not tell. A condition that cannot be compared with the kind leaves the answer open, never guessed: the
 * kernel of the lab answers then.
 */
import { factsOf } from './in-force.ts';
import type { SavedRule, SavedTable } from './iptables-save.ts';
import { portOptions, type TableName, targetOf, valuesOf, withoutCounters } from './iptables-syntax.ts';
import { rulesInOrder } from './rule-lines.ts';
import { isNetworkWithin } from './shadowed.ts';
import { isOneOf } from './upload-path.ts';

/** Packets that open a connection of FTP at a host, all in one: to a port or some, or from one. */
export interface PacketKind {
  readonly way: 'in' | 'out';
  readonly state: 'NEW' | 'RELATED' | 'ESTABLISHED';
  /** First and last TCP port that they go to; `null` for any. */
  readonly to: readonly [number, number] | null;
  /** The same for where they come from. */
  readonly from: readonly [number, number] | null;
  /** The host's own addresses; empty if they are not known. */
  readonly own: readonly string[];
  /** The interface that they pass; `null` if it is not known. */
  readonly through: string | null;
}

/** A rule or a chain's policy, where it stands in the file. */
export interface RuleAt {
  readonly table: TableName;
  readonly line: number;
  readonly text: string;
}

export interface Answer {
  readonly fate: 'accepted' | 'refused' | 'undecided';
  /** What decides: one rule or policy, or those between which the texts do not decide. Empty if nothing refuses. */
  readonly by: readonly RuleAt[];
  /** Rules that only some other ends' addresses meet, and that decide otherwise about them. */
  readonly except: readonly RuleAt[];
}

/** The chains that a packet passes, in order (iptables(8), "tables"). */
const ways: Record<PacketKind['way'], readonly (readonly [TableName, string])[]> = {
  in: [
    ['raw', 'PREROUTING'],
    ['mangle', 'PREROUTING'],
    ['nat', 'PREROUTING'],
    ['mangle', 'INPUT'],
    ['filter', 'INPUT'],
    ['security', 'INPUT'],
  ],
  out: [
    ['raw', 'OUTPUT'],
    ['mangle', 'OUTPUT'],
    ['nat', 'OUTPUT'],
    ['filter', 'OUTPUT'],
    ['security', 'OUTPUT'],
    ['mangle', 'POSTROUTING'],
  ],
};

/** What a host's rules say about all packets of a kind. */
export function askRules(tables: readonly SavedTable[], kind: PacketKind): Answer {
  const except: RuleAt[] = [];
  for (const [name, chain] of ways[kind.way]) {
    const table = tables.find((each) => each.name === name);
    // Only the first packet of a connection meets the table nat.
    if (!table || (name === 'nat' && kind.state === 'ESTABLISHED')) continue;
    const end = walk(table, chain, kind);
    const others = end.maybe.filter((other) => other.fate !== end.fate);
    const refused = others.filter(({ fate, byAddress }) => fate === 'refused' && byAddress);
    if (others.length > refused.length || (end.fate !== 'accepted' && others.length > 0))
      return undecided(end, others);
    if (end.fate === 'unknown') return undecided(end, []);
    except.push(...refused.map(({ at }) => at));
    if (end.fate === 'refused') return { fate: 'refused', by: [end.at], except: [] };
  }
  return { fate: 'accepted', by: [], except };
}

function undecided({ at }: Decided, others: readonly Maybe[]): Answer {
  const byAddress = others.length > 0 && others.every((other) => other.byAddress);
  return {
    fate: 'undecided',
    by: [at, ...others.map((other) => other.at)],
    except: byAddress ? others.map((other) => other.at) : [],
  };
}

/** Whether rules bind the FTP helper to connections that such packets open; `undecided` by which rules. */
export function askForHelper(tables: readonly SavedTable[], kind: PacketKind): Answer {
  const raw = tables.find(({ name }) => name === 'raw');
  const none: Answer = { fate: 'refused', by: [], except: [] };
  if (!raw) return none;
  const met: { at: RuleAt; sure: boolean }[] = [];
  walk(raw, 'PREROUTING', kind, (rule, sure) => {
    if (targetOf(rule.options) === 'CT' && valuesOf(rule.options, '--helper', '--helper')[0] === 'ftp')
      met.push({ at: placeOf(rule, raw), sure });
  });
  const [first] = met;
  if (!first) return none;
  const sure = met.find((each) => each.sure);
  return sure
    ? { fate: 'accepted', by: [sure.at], except: [] }
    : { fate: 'undecided', by: met.map(({ at }) => at), except: [] };
}

/** Parts of a range of ports of which each meets the same rules, in order; `null` if there are more than can be asked about. */
export function partsOf(
  tables: readonly SavedTable[],
  [first, last]: readonly [number, number],
): (readonly [number, number])[] | null {
  const cuts = new Set([first, last + 1]);
  for (const { rules } of tables)
    for (const { options } of rules)
      for (const [index, word] of options.entries())
        if (portOptions.includes(word))
          for (const range of (options[index + 1] ?? '').split(',')) {
            const [from = NaN, to = from] = range
              .split(':')
              .map((port) => (port === '' ? NaN : Number(port)));
            for (const cut of [from, to + 1]) if (cut > first && cut <= last) cuts.add(cut);
          }
  const rules = tables.reduce((sum, table) => sum + table.rules.length, 0);
  if (cuts.size * rules > mostQuestions) return null;
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((next, index) => [sorted[index] ?? first, next - 1]);
}

/** Each part is asked about on its own, through every rule: some seconds. */
const mostQuestions = 1_000_000;

type Fate = 'accepted' | 'refused' | 'unknown';

/** What may become of some of the packets besides. `byAddress`: of those from or to certain addresses. */
interface Maybe {
  readonly fate: Fate;
  readonly at: RuleAt;
  readonly byAddress: boolean;
}

interface Decided {
  readonly fate: Fate;
  readonly at: RuleAt;
  readonly maybe: readonly Maybe[];
}

/** What a chain comes to; a chain that is not built in may send packets back to where they came from. */
interface Walked {
  readonly end: { readonly fate: Fate; readonly at: RuleAt } | null;
  readonly maybe: readonly Maybe[];
  /** Whether some packets may come back although `end` is given. */
  readonly mayReturn: boolean;
}

type Passed = (rule: SavedRule, sure: boolean) => void;

function walk(table: SavedTable, chain: string, kind: PacketKind, passed: Passed = () => {}): Decided {
  const { end, maybe, mayReturn } = walkChain(table, chain, kind, passed, true, new Set());
  const policy = table.policies.get(chain);
  const last = {
    fate: policy?.policy === 'DROP' ? ('refused' as const) : ('accepted' as const),
    at: {
      table: table.name,
      line: policy?.line ?? table.line,
      text: `:${chain} ${policy?.policy ?? 'ACCEPT'}`,
    },
  };
  if (end && mayReturn) return { ...end, maybe: [...maybe, { ...last, byAddress: false }] };
  return { ...(end ?? last), maybe };
}

function walkChain(
  table: SavedTable,
  chain: string,
  kind: PacketKind,
  passed: Passed,
  surely: boolean,
  above: ReadonlySet<string>,
): Walked {
  const maybe: Maybe[] = [];
  let mayReturn = false;
  for (const rule of prepared(table, chain)) {
    const match = matchOf(rule, kind);
    if (match === 'none') continue;
    const sure = match === 'all';
    const byAddress = match === 'by-address';
    passed(rule, surely && sure);
    const next = nextOf(rule, table, above);
    if (next === 'goes-on') continue;
    if (next === 'returns') {
      if (sure) return { end: null, maybe, mayReturn };
      mayReturn = true;
      // Those that stay meet the rest of this chain, those that return the rest of the one above: the texts do not tell which.
      continue;
    }
    if (typeof next === 'string') {
      const at = placeOf(rule, table);
      if (sure) return { end: { fate: next, at }, maybe, mayReturn };
      maybe.push({ fate: next, at, byAddress });
      continue;
    }
    const inner = walkChain(table, next.chain, kind, passed, surely && sure, new Set([...above, chain]));
    maybe.push(...inner.maybe.map((each) => ({ ...each, byAddress: each.byAddress || byAddress })));
    if (inner.end && (!sure || inner.mayReturn)) maybe.push({ ...inner.end, byAddress });
    else if (inner.end) return { end: inner.end, maybe, mayReturn };
    if (next.goesTo) {
      if (sure) return { end: null, maybe, mayReturn };
      mayReturn = true;
    }
  }
  return { end: null, maybe, mayReturn };
}

/** Targets after which a packet meets the next rule (iptables-extensions(8)). */
const goingOn = [
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CONNMARK',
  'CONNSECMARK',
  'CT',
  'DSCP',
  'HL',
  'LED',
  'LOG',
  'MARK',
  'NFLOG',
  'SECMARK',
  'SET',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TOS',
  'TRACE',
  'TTL',
  'ULOG',
];

function nextOf(
  { options }: SavedRule,
  { chains }: SavedTable,
  above: ReadonlySet<string>,
): 'goes-on' | 'returns' | Fate | { readonly chain: string; readonly goesTo: boolean } {
  const target = targetOf(options);
  if (target === undefined) return 'goes-on';
  if (target === 'CT' && options.includes('--notrack')) return 'unknown';
  if (goingOn.includes(target)) return 'goes-on';
  if (target === 'RETURN') return 'returns';
  if (target === 'ACCEPT') return 'accepted';
  if (target === 'DROP' || target === 'REJECT') return 'refused';
  // iptables refuses a loop; a file may have one.
  if (!chains.includes(target) || above.has(target)) return 'unknown';
  return { chain: target, goesTo: valuesOf(options, '-g', '--goto').length > 0 };
}

/** Which of the packets a rule matches: all, none, some by their other end's address, or some, or nobody can tell. */
type Match = 'all' | 'none' | 'by-address' | 'some';

const knownMatches = ['tcp', 'multiport', 'conntrack', 'state', 'comment', 'addrtype', 'helper', 'set'];

/** A rule with what it asks of a packet, read once for all questions. */
interface Prepared extends SavedRule {
  readonly conditions: readonly { readonly option: string; readonly value: string; readonly not: boolean }[];
  /** Whether the conditions are all that the rule asks. */
  readonly whole: boolean;
}

const preparedChains = new WeakMap<SavedTable, Map<string, Prepared[]>>();

/** A chain's rules as the kernel asks them. */
function prepared(table: SavedTable, chain: string): Prepared[] {
  const chains = preparedChains.get(table) ?? new Map<string, SavedRule[]>();
  if (chains.size === 0) {
    for (const name of table.chains) chains.set(name, []);
    for (const rule of table.rules) chains.get(rule.chain)?.push(rule);
    for (const [name, rules] of chains) chains.set(name, rulesInOrder(rules).map(prepare));
    preparedChains.set(table, chains as Map<string, Prepared[]>);
  }
  return (chains as Map<string, Prepared[]>).get(chain) ?? [];
}

function prepare(rule: SavedRule): Prepared {
  const { options } = rule;
  const jump = options.findIndex((word) => /^(?:-j|-g|--jump|--goto)/.test(word));
  const before = jump < 0 ? options : options.slice(0, jump);
  const after = jump < 0 ? [] : options.slice(jump + 2);
  const facts = factsOf(before);
  const named = before.filter((word) => /^-/.test(word) && word !== '-m' && word !== '--match').length;
  const repeated = named > [...facts.keys()].filter((option) => option !== '-m').length;
  const extensions = valuesOf(before, '-m', '--match').every((name) => knownMatches.includes(name));
  // A condition behind the target, which iptables-save never writes.
  const behind = after.some((word) => /^(?:-[mpsdio]|--(?:[sd]ports?|ctstate|state|match))$/.test(word));
  return {
    ...rule,
    conditions: [...facts]
      .filter(([option]) => option !== '-m' && option !== '--comment' && option !== '-c')
      .map(([option, value]) => ({ option, value: value.replace(/^! /, ''), not: value.startsWith('! ') })),
    whole: !repeated && extensions && !behind,
  };
}

function matchOf({ conditions, whole }: Prepared, kind: PacketKind): Match {
  let found: Match = whole ? 'all' : 'some';
  for (const { option, value, not } of conditions) {
    const match = not ? negated(holds(option, value, kind)) : holds(option, value, kind);
    if (match === 'none') return 'none';
    if (match === 'some' || found === 'all') found = match;
  }
  return found;
}

function negated(match: Match): Match {
  return match === 'all' ? 'none' : match === 'none' ? 'all' : match;
}

function holds(option: string, value: string, kind: PacketKind): Match {
  const inwards = kind.way === 'in';
  switch (option) {
    case '-p':
      return value === 'tcp' || value === '' ? 'all' : 'none';
    case '-i':
      return inwards ? interfaceHolds(value, kind) : 'none';
    case '-o':
      return inwards ? 'none' : interfaceHolds(value, kind);
    case '-s':
      return inwards ? otherEnd(value) : ownEnd(value, kind);
    case '-d':
      return inwards ? ownEnd(value, kind) : otherEnd(value);
    case '--match-set': {
      const direction = value.split(' ')[1] ?? '';
      return direction === (inwards ? 'src' : 'dst') ? 'by-address' : 'some';
    }
    case '--dport':
    case '--dports':
      return portsHold(value, kind.to);
    case '--sport':
    case '--sports':
      return portsHold(value, kind.from);
    case '--ctstate':
      return value.split(',').includes(kind.state) ? 'all' : 'none';
    case '--helper':
      return kind.state === 'RELATED' && value === 'ftp' ? 'all' : kind.state === 'NEW' ? 'none' : 'some';
    case '--syn':
      return kind.state === 'ESTABLISHED' ? 'none' : 'all';
    case '--tcp-flags':
      return flagsHold(value, kind.state);
    case '--dst-type':
      return value === (inwards ? 'LOCAL' : 'UNICAST') ? 'all' : 'none';
    default:
      return 'some';
  }
}

function interfaceHolds(value: string, { through }: PacketKind): Match {
  if (value === '') return 'all';
  if (value === 'lo') return 'none';
  if (through === null) return 'some';
  return isOneOf(value, [through]) ? 'all' : 'none';
}

function otherEnd(value: string): Match {
  if (value === '') return 'all';
  return isNetworkWithin(value, '127.0.0.0/8') || isNetworkWithin(value, '224.0.0.0/4')
    ? 'none'
    : 'by-address';
}

function ownEnd(value: string, { own }: PacketKind): Match {
  if (value === '') return 'all';
  if (isNetworkWithin(value, '127.0.0.0/8') || isNetworkWithin(value, '224.0.0.0/4')) return 'none';
  if (own.length === 0) return 'some';
  const within = own.filter((address) => isNetworkWithin(`${address}/32`, value));
  if (within.length === own.length) return 'all';
  return within.length === 0 ? 'none' : 'some';
}

const portNames: Readonly<Record<string, string>> = { ftp: '21', 'ftp-data': '20', ssh: '22', http: '80' };

function portsHold(value: string, ports: readonly [number, number] | null): Match {
  if (ports === null) return value === '0:65535' ? 'all' : 'some';
  const ranges = value.split(',').map((range) => {
    const [first = NaN, last = first] = range.split(':').map((port) => Number(portNames[port] ?? port));
    return [first, last] as const;
  });
  if (ranges.some(([first, last]) => Number.isNaN(first) || Number.isNaN(last))) return 'some';
  if (ranges.some(([first, last]) => ports[0] >= first && ports[1] <= last)) return 'all';
  return ranges.some(([first, last]) => ports[1] >= first && ports[0] <= last) ? 'some' : 'none';
}

/** Flags that no packet of a connection has together. */
const contrary = [
  ['SYN', 'FIN'],
  ['SYN', 'RST'],
  ['FIN', 'RST'],
];

/**
 * `MASK FLAGS`: which flags are looked at, and which of them are set. A packet that opens a connection has SYN alone of those that rules
 * can name; every later one has ACK (RFC 9293 section 3.10.7).
 */
function flagsHold(value: string, state: PacketKind['state']): Match {
  const [mask = [], flags = []] = value
    .split(' ')
    .map((words) => words.replace(/^ALL$/, 'FIN,SYN,RST,PSH,ACK,URG').split(','));
  if (state !== 'ESTABLISHED')
    return flags.join() === (mask.includes('SYN') ? 'SYN' : 'NONE') ? 'all' : 'none';
  const never =
    (mask.includes('ACK') && !flags.includes('ACK')) ||
    contrary.some((pair) => pair.every((flag) => flags.includes(flag)));
  return never ? 'none' : 'some';
}

function placeOf({ line, text }: SavedRule, { name }: SavedTable): RuleAt {
  return { table: name, line, text: withoutCounters(text).trim() };
}
