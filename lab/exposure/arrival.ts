import type { Way } from '../model/exposure.ts';
import type { MachineName } from '../network/topology.ts';
import type { Prober } from './prober.ts';
import { decode, encode, type Segment } from './segment.ts';

/** How long a packet may be in transit, in milliseconds, before the firewall counts as having dropped it. */
export const arrivesWithinMs = 5000;

/** How often a packet is sent again in that time, in milliseconds, as TCP does. */
const sentAgainMs = 500;

/** A segment as it arrived, after address translation. */
export interface Arrival {
  readonly host: MachineName;
  readonly segment: Segment;
  readonly packet: Buffer;
}

/** Sends a segment and returns it as it arrived, or `undefined` if it did not arrive. */
export function arrival(prober: Prober, way: Way, segment: Segment): Promise<Arrival | undefined> {
  return new Promise((resolve, reject) => {
    const stop = prober.listen((host, packet) => {
      const seen = decode(packet);
      if (seen?.pass === segment.pass) end({ host, segment: seen, packet });
    });
    const leave = () => {
      clearInterval(again);
      clearTimeout(timer);
      stop();
    };
    const end = (seen: Arrival | undefined) => {
      leave();
      resolve(seen);
    };
    const send = () => {
      prober.inject(way, encode(segment)).catch((error) => {
        leave();
        reject(error);
      });
    };
    const again = setInterval(send, sentAgainMs);
    const timer = setTimeout(() => end(undefined), arrivesWithinMs);
    send();
  });
}
