/*
 * Whether the rules of a file are in force as they are written. iptables prints what it loaded in a form of its own: other
 * names, other order, defaults filled in. So only what has one meaning is compared: a chain's rules and their order, targets,
 * protocols, addresses, interfaces, ports, states, and which matches a rule has.
 */
import ipaddr from 'ipaddr.js';
import { firstOf } from '../list.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { Family } from '../network/family.ts';
import { readTables, type SavedRule, type SavedTable } from './iptables-save.ts';
import { valuesOf, withoutCounters } from './iptables-syntax.ts';
import { type FilesByFamily, filesOf, rulesInOrder } from './rule-lines.ts';

/** A line that is not in force as it is written. */
export interface Deviation {
  /** The line of the file, from 1. */
  readonly line: number;
  readonly text: string;
  /** What is in force in its place, as `iptables-save` prints it; `null` for nothing. */
  readonly inForce: string | null;
}

/** Lines of a file that are not in force as written. `kernel` is what `iptables-save` printed after the file was loaded. */
export function deviations(file: readonly SavedTable[], kernel: readonly SavedTable[]): Deviation[] {
  return file.flatMap(({ name, chains, rules }) => {
    const printed = kernel.find((table) => table.name === name);
    return chains.flatMap((chain) => {
      const own = rulesInOrder(rules.filter((rule) => rule.chain === chain));
      const now = printed?.rules.filter((rule) => rule.chain === chain) ?? [];
      if (own.length <= now.length)
        return own.flatMap((rule, index) => (says(now[index], rule) ? [] : [deviation(rule, now[index])]));
      // Rules are missing: what is in force is found in the same order.
      const left = [...now];
      return own.flatMap((rule) => {
        if (!says(left[0], rule)) return [deviation(rule)];
        left.shift();
        return [];
      });
    });
  });
}

/** How many lines the notes name before they only count the rest. */
const linesShown = 5;

/** The same of a place's files for the reader of a verdict, a note for each line; `kernel`: what iptables-save and ip6tables-save printed. */
export function deviationsInWords(
  files: FilesByFamily,
  kernel: Readonly<Record<Family, string>>,
): RulesNote[] {
  const found = filesOf(files).flatMap(({ family, file }) =>
    file.tables.length === 0
      ? []
      : deviations(file.tables, readTables(kernel[family], family)).map((one) => ({
          ...one,
          of: file.called,
        })),
  );
  const texts = firstOf(
    found.map(
      ({ line, text, inForce, of }) =>
        `Line ${line}${of === undefined ? '' : ` of ${of}`} IS NOT IN FORCE as written: ${text.trim()}. The kernel has ${inForce ?? 'no rule'} instead.`,
    ),
    linesShown,
    (more) => `${more} more lines are not in force as written.`,
  );
  return texts.map((text) => ({ kind: 'not-in-force', text }));
}

function deviation({ line, text }: SavedRule, now?: SavedRule): Deviation {
  return { line, text, inForce: now ? withoutCounters(now.text) : null };
}

/** Whether a rule in force says what was written. */
function says(now: SavedRule | undefined, written: SavedRule): boolean {
  if (!now) return false;
  const [want, have] = [factsOf(written.options), factsOf(now.options)];
  for (const option of plain) {
    const [one, other] = [want.get(option) ?? '', have.get(option) ?? ''];
    if (one !== other && !resolved[option]?.test(one)) return false;
  }
  for (const option of comparable) {
    const [one, other] = [want.get(option), have.get(option)];
    // iptables prints a port's number for its name.
    if (one !== undefined && other !== undefined && one !== other && !/[a-z]/.test(one)) return false;
  }
  const matches = new Set(matchesOf(now.options));
  return matchesOf(written.options).every((match) => matches.has(match));
}

const longNames: Readonly<Record<string, string>> = {
  '--protocol': '-p',
  '--proto': '-p',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--fragment': '-f',
  '--set-counters': '-c',
  '--source-port': '--sport',
  '--destination-port': '--dport',
  '--source-ports': '--sports',
  '--destination-ports': '--dports',
  '--state': '--ctstate',
};

/** Options that mean the same wherever they stand, and nothing if they are absent. */
const plain = ['-p', '-s', '-d', '-i', '-o', '-j', '-g', '-f'];
/** What iptables looks up and prints as something else: the name of a host, the number of a protocol. */
const resolved: Readonly<Record<string, RegExp>> = { '-s': /[a-z]/i, '-d': /[a-z]/i, '-p': /^(! )?\d+$/ };

const comparable = ['--sport', '--dport', '--sports', '--dports', '--ports', '--ctstate'];

function matchesOf(options: readonly string[]): string[] {
  return valuesOf(options, '-m', '--match').map((match) => (match === 'state' ? 'conntrack' : match));
}

/** What {@link factsOf} returns. */
export type Facts = ReadonlyMap<string, string>;

/** Each option of a rule, in its short name, with its values in one form; `! ` before those of a negated one. */
export function factsOf(options: readonly string[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (let at = 0; at < options.length; at++) {
    const negated = options[at] === '!';
    const [given = '', joined] = (options[negated ? ++at : at] ?? '').split(/=(.*)/s);
    if (!given.startsWith('-')) continue;
    const name = longNames[given] ?? given;
    const values = joined === undefined ? [] : [joined];
    while (at + 1 < options.length && !/^(?:-|!$)/.test(options[at + 1] ?? ''))
      values.push(options[++at] ?? '');
    const value = inOneForm(name, values.join(' '));
    if (value !== '' || values.length === 0) facts.set(name, `${negated ? '! ' : ''}${value}`);
  }
  return facts;
}

function inOneForm(option: string, value: string): string {
  switch (option) {
    case '-p':
      return protocolOf(value.toLowerCase());
    case '-s':
    case '-d':
      return networkOf(value);
    case '-i':
    case '-o':
      return value === '+' ? '' : value;
    case '-j':
      return value === 'NOTRACK' ? 'CT' : value;
    case '--ctstate':
      return value.toUpperCase().split(',').sort().join(',');
    default:
      return comparable.includes(option) ? value.split(',').map(portsOf).join(',') : value;
  }
}

/** What iptables and ip6tables print for a protocol. */
const protocolNames: Readonly<Record<string, string>> = {
  '0': '',
  all: '',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'ipv6-icmp',
  icmpv6: 'ipv6-icmp',
  icmp6: 'ipv6-icmp',
};

function protocolOf(value: string): string {
  return protocolNames[value] ?? value;
}

/** `a.b.c.d/n` or an IPv6 one, without host bits; '' for every address. */
function networkOf(value: string): string {
  if (value.includes(':')) return networkOf6(value);
  const [address = '', mask = '32'] = value.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return value;
  const length = /^\d+$/.test(mask)
    ? Number(mask)
    : ipaddr.IPv4.isValidFourPartDecimal(mask)
      ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask()
      : null;
  if (length === null || length > 32) return value;
  return length === 0 ? '' : `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${length}`)}/${length}`;
}

function networkOf6(value: string): string {
  const [address = '', mask = '128'] = value.split('/');
  if (!ipaddr.IPv6.isValid(address)) return value;
  const length =
    ipaddr.IPv6.isValid(mask) && mask.includes(':')
      ? ipaddr.IPv6.parse(mask).prefixLengthFromSubnetMask()
      : Number(mask);
  if (length === null || !(length <= 128)) return value;
  return length === 0 ? '' : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${length}`)}/${length}`;
}

function portsOf(value: string): string {
  const [first = '', last] = value.split(':');
  return last === undefined ? value : `${first || 0}:${last || 65535}`;
}
