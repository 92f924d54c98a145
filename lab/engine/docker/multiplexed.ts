export type Channel = 'stdout' | 'stderr';

/**
 * Reads Docker's multiplexed stream: frames of an 8-byte header (channel, three zeros, big-endian length) and a payload
 * (Engine API, "Attach to a container", stream format). Returns a function that takes chunks of any size. Throws if a
 * header is invalid, as in a stream with a TTY.
 */
export function demultiplexer(
  onPayload: (channel: Channel, payload: Buffer) => void,
): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const data = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let offset = 0;
    while (data.length - offset >= 8) {
      const channel = data.readUInt8(offset);
      const length = data.readUInt32BE(offset + 4);
      if (channel > 2) throw new Error(`Docker sent a frame for channel ${channel}; 0, 1 and 2 exist`);
      if (data.length - offset - 8 < length) break;
      onPayload(channel === 2 ? 'stderr' : 'stdout', data.subarray(offset + 8, offset + 8 + length));
      offset += 8 + length;
    }
    pending = data.subarray(offset);
  };
}
