import ipaddr from 'ipaddr.js';
import { probeMark, probeWindows } from '../agent/tracer/probe-mark.ts';

export const flags = { syn: 0x02, ack: 0x10, push: 0x08 } as const;

/** A TCP segment in IPv4 or IPv6, as its addresses say. `sequence` and `acknowledged` count from {@link probeMark}. */
export interface Segment {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly port: number;
  /** The IPv4 identification field, or the lower half of the IPv6 flow label, by which probes are counted. */
  readonly pass: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly text: string;
}

/** A segment as sent on the wire: IPv4 without options (RFC 791) or IPv6 (RFC 8200), TCP without options (RFC 9293), checksums filled in. */
export function encode(segment: Segment): Buffer {
  const text = Buffer.from(segment.text, 'latin1');
  const tcp = Buffer.alloc(20 + text.length);
  tcp.writeUInt16BE(segment.sourcePort, 0);
  tcp.writeUInt16BE(segment.port, 2);
  tcp.writeUInt32BE(probeMark + segment.sequence, 4);
  tcp.writeUInt32BE(segment.flags & flags.ack ? probeMark + segment.acknowledged : 0, 8);
  tcp.writeUInt8(0x50, 12);
  tcp.writeUInt8(segment.flags, 13);
  tcp.writeUInt16BE(probeWindows.conversation, 14);
  tcp.set(text, 20);
  return inPacket({ ...segment, protocol: protocols.tcp, checksumAt: 16 }, tcp);
}

/** How many bytes of a packet a message about it repeats: these have the ports and numbers, and leave the message short. */
const repeated = 60;

/**
 * An ICMPv6 error as a router would send it, here from the address of `source`: the packet is larger than the 1280 bytes that a link
 * takes (RFC 4443 section 3.2). It goes to where the packet came from.
 */
export function packetTooBig(source: string, pass: number, packet: Buffer): Buffer {
  const message = Buffer.alloc(8 + Math.min(packet.length, repeated));
  message.writeUInt8(2, 0);
  message.writeUInt32BE(1280, 4);
  message.set(packet.subarray(0, repeated), 8);
  return inPacket(
    { source, destination: addressAt(packet, 8), pass, protocol: protocols.icmp6, checksumAt: 2 },
    message,
  );
}

/** Numbers of protocols in IP (IANA, "Protocol Numbers"). */
const protocols = { tcp: 6, icmp6: 58 } as const;

/** A packet with this content, whose checksum covers the addresses too (RFC 9293 section 3.1, RFC 8200 section 8.1). */
function inPacket(
  head: Pick<Segment, 'source' | 'destination' | 'pass'> & {
    readonly protocol: number;
    readonly checksumAt: number;
  },
  content: Buffer,
): Buffer {
  const [source, destination] = [head.source, head.destination].map((text) =>
    ipaddr.parse(text).toByteArray(),
  );
  const addresses = Buffer.from([...(source ?? []), ...(destination ?? [])]);
  const six = addresses.length > 8;
  const packet = Buffer.alloc((six ? 8 : 12) + addresses.length + content.length);
  const start = packet.length - content.length;
  if (six) {
    packet.writeUInt8(0x60, 0);
    packet.writeUInt16BE(head.pass, 2);
    packet.writeUInt16BE(content.length, 4);
    packet.writeUInt8(head.protocol, 6);
    packet.writeUInt8(64, 7);
  } else {
    packet.writeUInt8(0x45, 0);
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(head.pass, 4);
    packet.writeUInt16BE(0x4000, 6); // do not fragment
    packet.writeUInt8(64, 8);
    packet.writeUInt8(head.protocol, 9);
  }
  packet.set(addresses, start - addresses.length);
  if (!six) packet.writeUInt16BE(checksum(packet.subarray(0, start)), 10);
  packet.set(content, start);
  const pseudoHeader = Buffer.from([
    ...addresses,
    0,
    head.protocol,
    content.length >> 8,
    content.length & 255,
  ]);
  packet.writeUInt16BE(checksum(Buffer.concat([pseudoHeader, content])), start + head.checksumAt);
  return packet;
}

/** The IPv6 address at a place in a packet. */
function addressAt(packet: Buffer, at: number): string {
  return ipaddr.fromByteArray([...packet.subarray(at, at + 16)]).toString();
}

/** Decodes a segment; `undefined` if it is not TCP right behind the header of IPv4 or IPv6. */
export function decode(packet: Buffer): Segment | undefined {
  if (packet.length < 40) return undefined;
  const six = packet.readUInt8(0) >> 4 === 6;
  const at = six ? 40 : (packet.readUInt8(0) & 15) * 4;
  if (packet.readUInt8(six ? 6 : 9) !== protocols.tcp || packet.length < at + 20) return undefined;
  const address = (from: number) => [...packet.subarray(from, from + 4)].join('.');
  return {
    source: six ? addressAt(packet, 8) : address(12),
    destination: six ? addressAt(packet, 24) : address(16),
    sourcePort: packet.readUInt16BE(at),
    port: packet.readUInt16BE(at + 2),
    pass: packet.readUInt16BE(six ? 2 : 4),
    sequence: packet.readUInt32BE(at + 4) - probeMark,
    acknowledged: packet.readUInt32BE(at + 8) - probeMark,
    flags: packet.readUInt8(at + 13),
    text: packet.toString(
      'latin1',
      at + (packet.readUInt8(at + 12) >> 4) * 4,
      six ? at + packet.readUInt16BE(4) : packet.readUInt16BE(2),
    ),
  };
}

/** The Internet checksum (RFC 1071). */
function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at] ?? 0) * 256 + (data[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
