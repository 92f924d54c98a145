import { addressFrom, endpointOf } from '../../model/endpoint.ts';
import type { PacketEnds } from '../../model/packet.ts';

/** Where the packet of an Ethernet frame begins, and what it is (IEEE 802 Numbers). */
const payload = 14;
const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;

/** The ends of an Ethernet frame with IP; for an ICMP error, those of the packet that it quotes. */
export function endsOfFrame(frame: Buffer): PacketEnds | undefined {
  if (frame.length < payload + 20) return undefined;
  const type = frame.readUInt16BE(payload - 2);
  if (type !== etherTypes.ipv4 && type !== etherTypes.ipv6) return undefined;
  const packet = packetIn(frame.subarray(payload));
  return packet && (tcpEnds(packet) ?? quotedEnds(packet));
}

/** What an IP header says (RFC 791 section 3.1, RFC 8200 section 3). The lab's packets have no extension headers. */
interface Packet {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly rest: Buffer;
}

function packetIn(ip: Buffer): Packet | undefined {
  const first = ip[0] ?? 0;
  const isIPv6 = first >> 4 === 6;
  const { addresses, length, header, protocol } = isIPv6
    ? { addresses: 8, length: 16, header: 40, protocol: 6 }
    : { addresses: 12, length: 4, header: (first & 15) * 4, protocol: 9 };
  if (ip.length < Math.max(header, addresses + 2 * length)) return undefined;
  const address = (at: number) => addressFrom(ip.subarray(at, at + length));
  return {
    protocol: ip[protocol] ?? 0,
    source: address(addresses),
    destination: address(addresses + length),
    rest: ip.subarray(header),
  };
}

const tcp = 6;
const icmp = [1, 58];

/** Both ends of a TCP packet (RFC 9293 section 3.1). */
function tcpEnds({ protocol, source, destination, rest }: Packet): PacketEnds | undefined {
  if (protocol !== tcp || rest.length < 4) return undefined;
  return {
    source: endpointOf(source, rest.readUInt16BE(0)),
    destination: endpointOf(destination, rest.readUInt16BE(2)),
  };
}

/** An ICMP error quotes the packet that it is about after 8 bytes of its own (RFC 792; RFC 4443 section 3). */
function quotedEnds({ protocol, rest }: Packet): PacketEnds | undefined {
  const quoted = icmp.includes(protocol) ? packetIn(rest.subarray(8)) : undefined;
  return quoted && tcpEnds(quoted);
}
