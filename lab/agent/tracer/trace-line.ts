import { endianness } from 'node:os';
import { addressFrom, endpointOf } from '../../model/endpoint.ts';
import type { PacketEnds, TracedPacket } from '../../model/packet.ts';
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
  /** Of ICMP that is no error. */
  readonly neighbour?: TracedPacket['neighbour'];
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
const ipHeader = /\bip saddr (\S+) ip daddr (\S+) .*?\bip id (\d+) (?:ip protocol \d+ )?ip length (\d+) /;
const tcpHeader = /\btcp sport (\d+) tcp dport (\d+) tcp flags == (\w+)/;
const icmpHeader = /\bicmp type (3|11) icmp code (\d+) icmp id \d+ icmp sequence (\d+)/;
const ip6Header = /\bip6 saddr (\S+) ip6 daddr (\S+) .*?\bip6 length (\d+) /;
const neighbourHeader = /\bicmpv6 type (135|136)\b/;
const icmp6Header = /\bicmpv6 type ([123]) icmpv6 code (\d+) icmpv6 \S+ (\d+)/;
const tcpWindow = /\btcp window (\d+)/;
const rawHeader = /@nh,0,(160|320) 0x(\w+) @th,0,160 0x(\w+)/;

/** The fixed header of IPv6 (RFC 8200 section 3), which "length" does not count, in bytes. */
const ip6HeaderBytes = 40;

/** The codes of ICMP that mean what those of ICMPv6 do (RFC 7915 section 5.2), for "destination unreachable". */
const icmpCodes: Readonly<Record<number, number>> = { 0: 1, 1: 10, 3: 1, 4: 3, 5: 10, 6: 10 };

/** Code of ICMP for a packet that is too big: "fragmentation needed". */
const fragmentationNeeded = 4;
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
  return table === traceTable || table === `ip6 ${traceTable}` || table === `netdev ${traceTable}`;
}

function headerOf(rest: string): Header | undefined {
  const network = networkHeaderOf(rest);
  if (network === undefined) return undefined;
  const { from, to, bytes, id, at } = network;
  const interfaces = rest.slice(0, at);
  const way = { bytes, routed: interfaces.includes('oif'), own: !interfaces.includes('iif') };
  const [, sourcePort, destinationPort, flags] = tcpHeader.exec(rest) ?? [];
  if (sourcePort !== undefined && destinationPort !== undefined)
    return {
      protocol: 'tcp',
      source: endpointOf(from, sourcePort),
      destination: endpointOf(to, destinationPort),
      flags: Number(flags),
      code: 0,
      mtu: 0,
      timeExceeded: false,
      fingerprint: `${id} ${flags}`,
      ...way,
    };
  const error = errorOf(rest) ?? neighbourMessageOf(rest);
  return (
    error && { protocol: 'icmp', source: from, destination: to, flags: 0, ...error, fingerprint: id, ...way }
  );
}

/** What an ICMP message is that IPv6 hosts look for each other by. */
function neighbourMessageOf(rest: string) {
  const [, type] = neighbourHeader.exec(rest) ?? [];
  if (type === undefined) return undefined;
  const neighbour = type === '135' ? ('solicitation' as const) : ('advertisement' as const);
  return { code: 0, mtu: 0, timeExceeded: false, neighbour };
}

/** `at`: where it begins. `id`: what tells the packet from others of its connection. */
function networkHeaderOf(rest: string) {
  const ip = ipHeader.exec(rest);
  if (ip) {
    const [, from = '', to = '', id = '', length] = ip;
    return { from, to, id, bytes: Number(length), at: ip.index };
  }
  const ip6 = ip6Header.exec(rest);
  if (!ip6) return undefined;
  const [, from = '', to = '', length = ''] = ip6;
  // IPv6 numbers no packets, so that its length and what it acknowledges have to tell.
  const id = `${length} ${tcpWindow.exec(rest)?.[1]}`;
  return { from, to, id, bytes: Number(length) + ip6HeaderBytes, at: ip6.index };
}

/** An ICMP error; one of ICMPv6 (RFC 4443) in the words of ICMP. */
function errorOf(rest: string): Pick<Header, 'code' | 'mtu' | 'timeExceeded'> | undefined {
  // nft names the second half of an ICMP header "id" and "sequence", also where RFC 1191 puts the MTU there.
  const [, type, code, mtu] = icmpHeader.exec(rest) ?? [];
  if (code !== undefined) return { code: Number(code), mtu: Number(mtu), timeExceeded: type === '11' };
  const [, type6, code6, mtu6] = icmp6Header.exec(rest) ?? [];
  if (code6 === undefined) return undefined;
  if (type6 === '2') return { code: fragmentationNeeded, mtu: Number(mtu6), timeExceeded: false };
  if (type6 === '3') return { code: Number(code6), mtu: 0, timeExceeded: true };
  return { code: icmpCodes[Number(code6)] ?? Number(code6), mtu: 0, timeExceeded: false };
}

/** Ends from the first 20 bytes of the IP header and of what follows it, which an egress chain shows in hex. */
function rawEnds(rest: string): PacketEnds | undefined {
  const [, bits, network = '', transport = ''] = rawHeader.exec(rest) ?? [];
  if (network === '') return undefined;
  const ip = Buffer.from(network, 'hex');
  const [addresses, length, protocol] = bits === '160' ? [12, 4, 9] : [8, 16, 6];
  const [from, to] = [addresses, addresses + length].map((at) => addressFrom(ip.subarray(at, at + length)));
  if (from === undefined || to === undefined) return undefined;
  if (ip[protocol] !== 6) return { source: from, destination: to };
  // nft prints a number, without the zeros in front: of port 21, 0x15.
  const ports = Buffer.from(transport.padStart(40, '0'), 'hex');
  return {
    source: endpointOf(from, ports.readUInt16BE(0)),
    destination: endpointOf(to, ports.readUInt16BE(2)),
  };
}

/** The bytes that a mark was loaded with, in the order in which the packet has them. */
export function bytesOfMark(mark: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (endianness() === 'LE') bytes.writeUInt32LE(mark >>> 0);
  else bytes.writeUInt32BE(mark >>> 0);
  return bytes;
}
