import { describe, expect, it } from 'vitest';
import { endsOfFrame } from '../../../lab/attempt/capture/frame.ts';
import { readPcap } from '../../../lab/attempt/capture/pcap.ts';
import { pcapng } from '../../../lab/attempt/capture/pcapng.ts';

const ethernet = '0242c0a8150a0242c0a815010800';
const ip = (protocol: string, from = 'c0a8150a', to = 'c6336415') =>
  `4500003c000040004${'0'}${protocol}0000${from}${to}`;
const syn = `${ip('06')}a3a40015000000000000000050020000`;
const frame = (payload: string) => Buffer.from(`${ethernet}${payload}`, 'hex');
const ip6 = (protocol: string) =>
  `600000000014${protocol}4020010db800000002000000000000001120010db8000000030000000000000021`;
const syn6 = `${ip6('06')}a3a40015000000000000000050020000`;
const frame6 = (payload: string) => Buffer.from(`${ethernet.slice(0, -4)}86dd${payload}`, 'hex');
const own6 = { source: '[2001:db8:0:2::11]:41892', destination: '[2001:db8:0:3::21]:21' };
const own = { source: '192.168.21.10:41892', destination: '198.51.100.21:21' };

describe('endsOfFrame', () => {
  it.each([
    ['a TCP packet', frame(syn), own],
    ['an ICMP error by the packet that it quotes', frame(`${ip('01')}0304000000000578${syn}`), own],
    ['a TCP packet of IPv6', frame6(syn6), own6],
    ['an ICMPv6 error by the packet that it quotes', frame6(`${ip6('3a')}0200000000000578${syn6}`), own6],
    ['UDP', frame(`${ip('11')}0035003500000000`), undefined],
    ['an ICMP echo', frame(`${ip('01')}0800000000000000`), undefined],
    ['ARP', Buffer.from(`${ethernet.slice(0, -4)}0806${'00'.repeat(28)}`, 'hex'), undefined],
    ['a frame that ends in its header', frame('4500'), undefined],
  ])('tells %s', (_what, bytes, ends) => {
    expect(endsOfFrame(bytes)).toEqual(ends);
  });
});

/** A capture as tcpdump writes it, of records of seconds, microseconds and bytes. */
function capture(...records: (readonly [seconds: number, micros: number, bytes: Buffer, length?: number])[]) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(1, 20);
  const bodies = records.flatMap(([seconds, micros, bytes, length = bytes.length]) => {
    const head = Buffer.alloc(16);
    for (const [index, value] of [seconds, micros, bytes.length, length].entries())
      head.writeUInt32LE(value, index * 4);
    return [head, bytes];
  });
  return Buffer.concat([header, ...bodies]);
}

describe('readPcap', () => {
  it('reads frames with their times and their lengths on the wire', () => {
    expect(readPcap(capture([1_100_000_000, 5, frame(syn), 1514], [1_100_000_001, 0, frame(syn)]))).toEqual([
      { at: 1_100_000_000_000_005n, bytes: frame(syn), length: 1514 },
      { at: 1_100_000_001_000_000n, bytes: frame(syn), length: frame(syn).length },
    ]);
  });

  it('leaves out an incomplete record, and refuses a file that is not a capture', () => {
    expect(readPcap(capture([1, 0, frame(syn)]).subarray(0, -1))).toEqual([]);
    expect(() => readPcap(Buffer.from('nonsense'))).toThrow('not a capture');
  });
});

describe('pcapng', () => {
  it('has an interface for each vantage, and all frames in the order of their times', () => {
    const at = (micros: bigint) => ({ at: micros, bytes: Buffer.from('abcde'), length: 9 });
    const file = pcapng(
      [
        { name: 'isa-y inside', frames: [at(1n), at(2n ** 33n)] },
        { name: 'isa-y outside', frames: [at(2n)] },
      ],
      512,
    );
    const blocks: { type: number; body: Buffer }[] = [];
    for (let start = 0; start < file.length; ) {
      const length = file.readUInt32LE(start + 4);
      expect(length % 4).toBe(0);
      expect(file.readUInt32LE(start + length - 4)).toBe(length);
      blocks.push({ type: file.readUInt32LE(start), body: file.subarray(start + 8, start + length - 4) });
      start += length;
    }
    expect(blocks.map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 1, 6, 6, 6]);
    expect(blocks[1]?.body.toString('latin1')).toContain('isa-y inside');
    const packets = blocks.slice(3).map(({ body }) => ({
      interface: body.readUInt32LE(0),
      at: (BigInt(body.readUInt32LE(4)) << 32n) + BigInt(body.readUInt32LE(8)),
      captured: body.subarray(20, 20 + body.readUInt32LE(12)).toString(),
      length: body.readUInt32LE(16),
    }));
    expect(packets).toEqual([
      { interface: 0, at: 1n, captured: 'abcde', length: 9 },
      { interface: 1, at: 2n, captured: 'abcde', length: 9 },
      { interface: 0, at: 2n ** 33n, captured: 'abcde', length: 9 },
    ]);
  });
});
