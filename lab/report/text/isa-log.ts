import { spoiltCommand, type TracedPacket } from '../../model/packet.ts';
import { noIPv6Rule, noNetworkRule } from '../../policy/compile.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * One connection attempt in the words of ISA Server 2004's firewall log: the log viewer's action, the result code, the
 * rule, and the protocol, which ISA derives from the destination port.
 */
export interface IsaLogEntry {
  /** `YYYY-MM-DD HH:MM:SS.mmm`, UTC as in ISA's W3C format. */
  readonly time: string;
  readonly action: 'Initiated Connection' | 'Denied Connection' | 'Connection Status';
  readonly rule: string;
  readonly protocol: 'FTP' | 'Unidentified IP Traffic';
  /** `address:port`; the same for `destination`. */
  readonly source: string;
  readonly destination: string;
  /** `-` if ISA's code is not known. */
  readonly resultCode: string;
  /** What the FTP access filter did, in the lab's words; `null` if it did nothing. */
  readonly filterInformation: string | null;
}

/**
 * A traced packet as a log entry. `undefined` for packets of established connections, unless the FTP access filter
 * refused a command in them. Result codes: FWX_E_POLICY_RULES_DENIED if an access rule denied the packet,
 * FWX_E_NETWORK_RULES_DENIED if no network rule connects the networks (ISA Server 2004 SDK, result codes).
 */
export function isaLogEntry(packet: TracedPacket): IsaLogEntry | undefined {
  const { source, destination, decision } = packet;
  if (!decision) return undefined;
  const { action, rule } = decision;
  const time = packet.at.replace('T', ' ').replace('Z', '');
  const ends = { time, rule, protocol: protocolOf(destination), source, destination };
  const spoilt = spoiltCommand(packet);
  if (spoilt !== null)
    return {
      action: 'Connection Status',
      ...ends,
      resultCode: '-',
      filterInformation: spoilt === 'AUTH' ? 'AUTH refused' : `Read Only: ${spoilt} refused`,
    };
  if (!packet.flags.includes('SYN')) return undefined;
  const answer = packet.flags.includes('ACK');
  if (answer && action === 'accept') return undefined;
  return {
    action: action === 'accept' ? 'Initiated Connection' : 'Denied Connection',
    ...ends,
    filterInformation: null,
    resultCode:
      action === 'accept'
        ? '0x0 ERROR_SUCCESS'
        : (resultCodes[rule] ?? '0xc004000d FWX_E_POLICY_RULES_DENIED'),
  };
}

/** Of what is denied by no rule of the policy. */
const resultCodes: Readonly<Record<string, string>> = {
  [noNetworkRule]: '0xc0040012 FWX_E_NETWORK_RULES_DENIED',
  [noIPv6Rule]: '0xc0040041 FWX_E_UNSUPPORTED_IPV6_DROPPED',
};

function protocolOf(destination: string): IsaLogEntry['protocol'] {
  return destination.endsWith(':21') ? 'FTP' : 'Unidentified IP Traffic';
}

function ruleAndFilter({ rule, filterInformation }: IsaLogEntry): string {
  return filterInformation === null ? rule : `${rule} (${filterInformation})`;
}

const columns = [
  { title: 'Log Time (UTC)', width: 23, of: (entry: IsaLogEntry) => entry.time },
  { title: 'Action', width: 20, of: (entry: IsaLogEntry) => entry.action },
  { title: 'Source', width: 21, of: (entry: IsaLogEntry) => entry.source },
  { title: 'Destination', width: 21, of: (entry: IsaLogEntry) => entry.destination },
  { title: 'Protocol', width: 23, of: (entry: IsaLogEntry) => entry.protocol },
  { title: 'Result Code', width: 37, of: (entry: IsaLogEntry) => entry.resultCode },
  { title: 'Rule', width: 0, of: ruleAndFilter },
] as const;

const tableWidth = 174;

/** The heading above {@link isaLogLine}s; '' if the style is too narrow for columns. */
export function isaLogHeading(style: Style): string {
  if (style.width < tableWidth) return '';
  return colorsOf(style).bold(columns.map(({ title, width }) => title.padEnd(width)).join(' '));
}

/** One entry: a row in columns, or, below 174 columns, two lines. Denied is red and allowed green, as in ISA's viewer. */
export function isaLogLine(entry: IsaLogEntry, style: Style): string {
  const colors = colorsOf(style);
  const paint = entry.action === 'Initiated Connection' ? colors.green : colors.red;
  if (style.width >= tableWidth)
    return paint(
      columns
        .map(({ width, of }) => of(entry).padEnd(width))
        .join(' ')
        .slice(0, style.width),
    );
  const { time, action, source, destination, protocol, resultCode } = entry;
  const first = `${action.padEnd(20)} ${source} -> ${destination}`;
  return [
    paint(first.length <= style.width ? first : wrap(first, style.width, '    ')),
    ...wrap(`${time} | ${protocol} | ${ruleAndFilter(entry)} | ${resultCode}`, style.width - 4, '')
      .split('\n')
      .map((line) => `    ${line}`),
  ].join('\n');
}
