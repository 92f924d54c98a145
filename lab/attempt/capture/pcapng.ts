import type { Frame } from './pcap.ts';

/** Where frames were captured, as Wireshark shows it. */
export interface Vantage {
  readonly name: string;
  readonly frames: readonly Frame[];
}

/*
 * The format of draft-ietf-opsawg-pcapng: blocks of a type, a length, a body padded to four bytes, and the length again.
 */
const sectionHeader = 0x0a0d0d0a;
const byteOrder = 0x1a2b3c4d;
const interfaceDescription = 1;
const enhancedPacket = 6;
const ethernet = 1;
const optionName = 2;

/** One capture from several places, each with an interface of its own; frames in the order of their times. */
export function pcapng(vantages: readonly Vantage[], snapLength: number): Buffer {
  const frames = vantages
    .flatMap(({ frames: own }, index) => own.map((frame) => ({ index, frame })))
    .sort((a, b) => Number(a.frame.at - b.frame.at));
  const header = Buffer.alloc(16);
  header.writeUInt32LE(byteOrder, 0);
  header.writeUInt16LE(1, 4);
  // The section's length is not given.
  header.writeBigInt64LE(-1n, 8);
  return Buffer.concat([
    block(sectionHeader, header),
    ...vantages.map(({ name }) => block(interfaceDescription, interfaceBody(name, snapLength))),
    ...frames.map(({ index, frame }) => block(enhancedPacket, packetBody(index, frame))),
  ]);
}

function interfaceBody(name: string, snapLength: number): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(ethernet, 0);
  fixed.writeUInt32LE(snapLength, 4);
  const text = Buffer.from(name);
  const option = Buffer.alloc(4);
  option.writeUInt16LE(optionName, 0);
  option.writeUInt16LE(text.length, 2);
  const end = Buffer.alloc(4);
  return Buffer.concat([fixed, option, padded(text), end]);
}

/** Times are in microseconds, the default resolution. */
function packetBody(index: number, { at, bytes, length }: Frame): Buffer {
  const fixed = Buffer.alloc(20);
  fixed.writeUInt32LE(index, 0);
  fixed.writeUInt32LE(Number(at >> 32n), 4);
  fixed.writeUInt32LE(Number(at & 0xffffffffn), 8);
  fixed.writeUInt32LE(bytes.length, 12);
  fixed.writeUInt32LE(length, 16);
  return Buffer.concat([fixed, padded(bytes)]);
}

function block(type: number, body: Buffer): Buffer {
  const length = body.length + 12;
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, body, tail]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
