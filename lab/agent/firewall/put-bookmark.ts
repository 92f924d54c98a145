import { createSocket } from 'node:dgram';
import { bookmarkAddress } from '../tracer/trace-log.ts';

/** Puts a bookmark (1 to 65535) into this firewall's trace. Runs in a firewall container. */
export function putBookmark(number: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    // The datagram is dropped after it was traced, which the sender sees as EPERM.
    socket.send('', number, bookmarkAddress, () => socket.close(() => resolve()));
  });
}
