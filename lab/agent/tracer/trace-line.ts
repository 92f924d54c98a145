import { endianness } from 'node:os';
import type { PacketEnds } from '../../model/packet.ts';
import { tableName } from '../../policy/nft/table-name.ts';
import { bookmarkAddress, traceTable } from './trace-log.ts';

/*
 * The lines of `nft -a -n monitor trace` (nft(8), "MONITOR"), as nft 1.0 prints them, one by one.
 */

/** A packet's header, printed as the packet enters a base chain. */
export interface Header extends PacketEnds {
  readonly protocol: 'tcp' | 'icmp';
  /** TCP flags by bit. */
  readonly flags: number;
  /** ICMP's code and MTU. */
  readonly code: number;
  readonly mtu: number;
  /** Whether an ICMP error says so (type 11), and not that a destination cannot be reached (type 3). */
  readonly timeExceeded: boolean;
  /** Length in bytes, IP header included. */
  readonly bytes: number;
  /** Tells a packet from the next one of its connection, which may have the same trace id. */
  readonly fingerprint: string;
  /** Whether it has an interface to leave by: it has been routed to another host, or comes from this one. */
  readonly routed: boolean;
  /** Whether it came in by no interface: it comes from this host. */
  readonly own: boolean;
}

export type TraceLine = { readonly id: string; readonly table: string; readonly chain: string } & (
  | { readonly kind: 'header'; readonly header: Header }
  /** As it leaves by an interface: its ends, after everything that might change them. */
  | { readonly kind: 'ends'; readonly ends: PacketEnds }
  | { readonly kind: 'rule'; readonly handle: number; readonly verdict: string }
  | { readonly kind: 'policy'; readonly verdict: string; readonly mark: number }
);

const traceLine =
  /^trace id (\w+) (ip6?|inet|netdev|bridge|arp) (\S+) (\S+) (packet: |(?:unknown )?rule |policy )/;
const ipHeader = /\bip saddr (\S+) ip daddr (\S+) .*?\bip id (\d+) ip length (\d+) /;
const tcpHeader = /\btcp sport (\d+) tcp dport (\d+) tcp flags == (\w+)/;
const icmpHeader = /\bicmp type (3|11) icmp code (\d+) icmp id \d+ icmp sequence (\d+)/;
const rawHeader = /@nh,0,160 0x(\w+) @th,0,160 0x(\w+)/;
const rule = /^(?:.*# )?handle (\d+) \(verdict (.+?)\)\s*$/;
const policy = /^(\w+)(?: meta mark 0x(\w+))?\s*$/;
const toBookmark = `ip daddr ${bookmarkAddress} `;
const bookmark = /\budp dport (\d+)/;

/** The number of a bookmark that the line shows, or `undefined`. */
export function bookmarkIn(line: string): number | undefined {
  if (!line.includes(toBookmark) || traceLine.exec(line)?.[5] !== 'packet: ') return undefined;
  const [, number] = bookmark.exec(line) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** What a line says; `undefined` if it is not about TCP or an ICMP error. */
export function parseTraceLine(line: string): TraceLine | undefined {
  const [start = '', id, family = '', name = '', chain = '', what] = traceLine.exec(line) ?? [];
  if (id === undefined) return undefined;
  const at = { id, table: tableName(family, name), chain };
  const rest = line.slice(start.length);
  if (what === 'packet: ') {
    const header = headerOf(rest);
    if (header) return { ...at, kind: 'header', header };
    const ends = rawEnds(rest);
    return ends && { ...at, kind: 'ends', ends };
  }
  if (what === 'policy ') {
    const [, verdict, mark = '0'] = policy.exec(rest) ?? [];
    return verdict === undefined
      ? undefined
      : { ...at, kind: 'policy', verdict, mark: Number.parseInt(mark, 16) };
  }
  const [, handle, verdict] = rule.exec(rest) ?? [];
  return handle && verdict ? { ...at, kind: 'rule', handle: Number(handle), verdict } : undefined;
}

/** Whether a chain is the tracer's own. */
export function isOwn({ table }: { readonly table: string }): boolean {
  return table === traceTable || table === `netdev ${traceTable}`;
}

function headerOf(rest: string): Header | undefined {
  const network = ipHeader.exec(rest);
  const [, from, to, ipId, length] = network ?? [];
  if (network === null || from === undefined || to === undefined) return undefined;
  const interfaces = rest.slice(0, network.index);
  const way = { routed: interfaces.includes('oif'), own: !interfaces.includes('iif') };
  const [, sourcePort, destinationPort, flags] = tcpHeader.exec(rest) ?? [];
  if (flags !== undefined)
    return {
      protocol: 'tcp',
      source: `${from}:${sourcePort}`,
      destination: `${to}:${destinationPort}`,
      flags: Number(flags),
      code: 0,
      mtu: 0,
      timeExceeded: false,
      bytes: Number(length),
      fingerprint: `${ipId} ${flags}`,
      ...way,
    };
  // nft names the second half of an ICMP header "id" and "sequence", also where RFC 1191 puts the MTU there.
  const [, type, code, mtu] = icmpHeader.exec(rest) ?? [];
  if (code === undefined) return undefined;
  const error = { code: Number(code), mtu: Number(mtu), timeExceeded: type === '11' };
  return {
    protocol: 'icmp',
    source: from,
    destination: to,
    flags: 0,
    ...error,
    bytes: Number(length),
    fingerprint: `${ipId}`,
    ...way,
  };
}

/** Ends from the first 20 bytes of the IP header and of what follows it, which an egress chain shows in hex. */
function rawEnds(rest: string): PacketEnds | undefined {
  const [, network = '', transport = ''] = rawHeader.exec(rest) ?? [];
  if (network === '') return undefined;
  const ip = Buffer.from(network, 'hex');
  const from = [...ip.subarray(12, 16)].join('.');
  const to = [...ip.subarray(16, 20)].join('.');
  if (ip[9] !== 6) return { source: from, destination: to };
  // nft prints a number, without the zeros in front: of port 21, 0x15.
  const ports = Buffer.from(transport.padStart(40, '0'), 'hex');
  return { source: `${from}:${ports.readUInt16BE(0)}`, destination: `${to}:${ports.readUInt16BE(2)}` };
}

/** The bytes that a mark was loaded with, in the order in which the packet has them. */
export function bytesOfMark(mark: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (endianness() === 'LE') bytes.writeUInt32LE(mark >>> 0);
  else bytes.writeUInt32BE(mark >>> 0);
  return bytes;
}
