import ipaddr from 'ipaddr.js';
import { probeMark, probeWindows } from '../agent/tracer/probe-mark.ts';

export const flags = { syn: 0x02, ack: 0x10, push: 0x08 } as const;

/** A TCP segment in IPv4. `sequence` and `acknowledged` count from {@link probeMark}. */
export interface Segment {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly port: number;
  /** The IPv4 identification field, by which probes are counted. */
  readonly pass: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly text: string;
}

/** A segment as sent on the wire: IPv4 without options (RFC 791), TCP without options (RFC 9293), checksums filled in. */
export function encode(segment: Segment): Buffer {
  const text = Buffer.from(segment.text, 'latin1');
  const packet = Buffer.alloc(40 + text.length);
  packet.writeUInt8(0x45, 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(segment.pass, 4);
  packet.writeUInt16BE(0x4000, 6); // do not fragment
  packet.writeUInt8(64, 8);
  packet.writeUInt8(6, 9); // TCP
  packet.set(ipaddr.IPv4.parse(segment.source).toByteArray(), 12);
  packet.set(ipaddr.IPv4.parse(segment.destination).toByteArray(), 16);
  packet.writeUInt16BE(checksum(packet.subarray(0, 20)), 10);
  packet.writeUInt16BE(segment.sourcePort, 20);
  packet.writeUInt16BE(segment.port, 22);
  packet.writeUInt32BE(probeMark + segment.sequence, 24);
  packet.writeUInt32BE(segment.flags & flags.ack ? probeMark + segment.acknowledged : 0, 28);
  packet.writeUInt8(0x50, 32);
  packet.writeUInt8(segment.flags, 33);
  packet.writeUInt16BE(probeWindows.conversation, 34);
  packet.set(text, 40);
  const pseudoHeader = Buffer.from([...packet.subarray(12, 20), 0, 6, 0, packet.length - 20]);
  packet.writeUInt16BE(checksum(Buffer.concat([pseudoHeader, packet.subarray(20)])), 36);
  return packet;
}

/** Decodes a segment; `undefined` if it is not TCP over IPv4. */
export function decode(packet: Buffer): Segment | undefined {
  if (packet.length < 40 || packet.readUInt8(0) >> 4 !== 4 || packet.readUInt8(9) !== 6) return undefined;
  const at = (packet.readUInt8(0) & 15) * 4;
  const address = (from: number) => [...packet.subarray(from, from + 4)].join('.');
  return {
    source: address(12),
    destination: address(16),
    sourcePort: packet.readUInt16BE(at),
    port: packet.readUInt16BE(at + 2),
    pass: packet.readUInt16BE(4),
    sequence: packet.readUInt32BE(at + 4) - probeMark,
    acknowledged: packet.readUInt32BE(at + 8) - probeMark,
    flags: packet.readUInt8(at + 13),
    text: packet.toString('latin1', at + (packet.readUInt8(at + 12) >> 4) * 4, packet.readUInt16BE(2)),
  };
}

/** The Internet checksum (RFC 1071). */
function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at] ?? 0) * 256 + (data[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
