import type { PacketEnds } from '../../model/packet.ts';

/** The ends of an Ethernet frame with IPv4; for an ICMP error, those of the packet that it quotes. */
export function endsOfFrame(frame: Buffer): PacketEnds | undefined {
  const ip = frame.subarray(14);
  if (frame.length < 34 || frame.readUInt16BE(12) !== 0x0800) return undefined;
  return endsOfPacket(ip) ?? quotedEnds(ip);
}

const tcp = 6;
const icmp = 1;

/** `address:port` of both ends of a TCP packet (RFC 791 section 3.1, RFC 9293 section 3.1). */
function endsOfPacket(ip: Buffer): PacketEnds | undefined {
  const header = headerLength(ip);
  if (ip.length < header + 4 || ip[9] !== tcp) return undefined;
  const address = (at: number) => [...ip.subarray(at, at + 4)].join('.');
  return {
    source: `${address(12)}:${ip.readUInt16BE(header)}`,
    destination: `${address(16)}:${ip.readUInt16BE(header + 2)}`,
  };
}

/** An ICMP error quotes the packet that it is about after 8 bytes of its own (RFC 792). */
function quotedEnds(ip: Buffer): PacketEnds | undefined {
  const header = headerLength(ip);
  if (ip[9] !== icmp || ip.length < header + 8 + 24) return undefined;
  return endsOfPacket(ip.subarray(header + 8));
}

function headerLength(ip: Buffer): number {
  return ((ip[0] ?? 0) & 15) * 4;
}
