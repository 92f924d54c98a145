/** A captured frame. */
export interface Frame {
  /** Microseconds since 1970. */
  readonly at: bigint;
  readonly bytes: Buffer;
  /** Its length on the wire, which may be more than was captured. */
  readonly length: number;
}

const littleEndianMicroseconds = 0xa1b2c3d4;
const fileHeader = 24;
const recordHeader = 16;

/**
 * The frames of a file in tcpdump's format (pcap-savefile(5)), Ethernet, little-endian. An incomplete record ends the
 * list. Throws Error for another format.
 */
export function readPcap(file: Buffer): Frame[] {
  if (file.length < fileHeader || file.readUInt32LE(0) !== littleEndianMicroseconds)
    throw new Error('This is not a capture in the expected format');
  const frames: Frame[] = [];
  let at = fileHeader;
  while (at + recordHeader <= file.length) {
    const [seconds, micros, captured, length] = [0, 4, 8, 12].map((offset) => file.readUInt32LE(at + offset));
    const start = at + recordHeader;
    const end = start + (captured ?? 0);
    if (end > file.length) break;
    frames.push({
      at: BigInt(seconds ?? 0) * 1_000_000n + BigInt(micros ?? 0),
      bytes: file.subarray(start, end),
      length: length ?? 0,
    });
    at = end;
  }
  return frames;
}
