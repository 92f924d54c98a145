import { describe, expect, it } from 'vitest';
import { decode, encode, flags, packetTooBig, type Segment } from '../../lab/exposure/segment.ts';

const segment: Segment = {
  source: '192.168.20.10',
  destination: '198.51.100.21',
  sourcePort: 41000,
  port: 21,
  pass: 7,
  sequence: 1,
  acknowledged: 5,
  flags: flags.ack | flags.push,
  text: 'PORT 192,168,20,10,4,1\r\n',
};

const over6: Segment = { ...segment, source: '2001:db8:0:2::10', destination: '2001:db8:0:3::21' };

/** What the checksum behind an IPv6 header covers (RFC 8200 section 8.1). */
function covered(packet: Buffer): Buffer {
  const [length, protocol] = [packet.subarray(4, 6), packet.subarray(6, 7)];
  return Buffer.concat([
    packet.subarray(8, 40),
    Buffer.alloc(2),
    length,
    Buffer.alloc(3),
    protocol,
    packet.subarray(40),
  ]);
}

/** The sum that is all ones if the checksum is right (RFC 1071). */
function sumOf(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at] ?? 0) * 256 + (data[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

describe('a segment', () => {
  it.each([
    ['IPv4', segment],
    ['IPv6', over6],
  ])('is read as it was written: %s', (_what, sent) => expect(decode(encode(sent))).toEqual(sent));

  it.each([
    ['of even length', 'PASV\r\n'],
    ['of odd length', 'USER x\r\n '],
    ['without payload', ''],
  ])('has right checksums: %s', (_what, text) => {
    const packet = encode({ ...segment, text });
    expect(sumOf(packet.subarray(0, 20))).toBe(0xffff);
    const pseudoHeader = Buffer.from([...packet.subarray(12, 20), 0, 6, 0, packet.length - 20]);
    expect(sumOf(Buffer.concat([pseudoHeader, packet.subarray(20)]))).toBe(0xffff);
    expect(sumOf(covered(encode({ ...over6, text })))).toBe(0xffff);
  });

  it.each([
    ['too short', Buffer.alloc(10)],
    ['an ICMPv6 error about one', packetTooBig('2001:db8::1', 8, encode(over6))],
    ['UDP', Buffer.concat([Buffer.from([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 17]), Buffer.alloc(30)])],
  ])('is not one: %s', (_what, packet) => expect(decode(packet)).toBeUndefined());
});

it('an error "packet too big" goes to the sender of the packet that it repeats', () => {
  const packet = encode(over6);
  const error = packetTooBig('2001:db8:0:3::1', 9, packet);
  const at = (from: number, to: number) => error.subarray(from, to).toString('hex');
  expect(at(24, 40)).toBe(packet.subarray(8, 24).toString('hex'));
  // Type 2, code 0; the largest packet (RFC 4443 section 3.2).
  expect([at(40, 42), error.readUInt32BE(44)]).toEqual(['0200', 1280]);
  expect(at(48, 108)).toBe(packet.subarray(0, 60).toString('hex'));
  expect(sumOf(covered(error))).toBe(0xffff);
});
