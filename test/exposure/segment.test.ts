import { describe, expect, it } from 'vitest';
import { decode, encode, flags, type Segment } from '../../lab/exposure/segment.ts';

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

/** The sum that is all ones if the checksum is right (RFC 1071). */
function sumOf(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at] ?? 0) * 256 + (data[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

describe('a segment', () => {
  it('is read as it was written', () => expect(decode(encode(segment))).toEqual(segment));

  it.each([
    ['of even length', 'PASV\r\n'],
    ['of odd length', 'USER x\r\n '],
    ['without payload', ''],
  ])('has right checksums: %s', (_what, text) => {
    const packet = encode({ ...segment, text });
    expect(sumOf(packet.subarray(0, 20))).toBe(0xffff);
    const pseudoHeader = Buffer.from([...packet.subarray(12, 20), 0, 6, 0, packet.length - 20]);
    expect(sumOf(Buffer.concat([pseudoHeader, packet.subarray(20)]))).toBe(0xffff);
  });

  it.each([
    ['too short', Buffer.alloc(10)],
    ['UDP', Buffer.concat([Buffer.from([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 17]), Buffer.alloc(30)])],
  ])('is not one: %s', (_what, packet) => expect(decode(packet)).toBeUndefined());
});
