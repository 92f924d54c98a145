import { setTimeout as pause } from 'node:timers/promises';
import type { Act, Peer } from './server.ts';

/** Says nothing and keeps the connection. */
export const silent: Act = () => undefined;
/** Ends the connection in the usual way (FIN). */
export const closes: Act = (peer) => peer.close();
/** Ends the connection at once (RST). */
export const resets: Act = (peer) => peer.reset();

/** Says something and ends the connection. */
export function saysAndCloses(line: string): Act {
  return (peer) => {
    peer.say(line);
    peer.close();
  };
}

/** Sends bytes without a line end, and then nothing. */
export function sends(bytes: string | Uint8Array): Act {
  return (peer) => peer.write(bytes);
}

/** Sends the same without end, as fast as the other side reads. */
export function floods(bytes: string | Uint8Array): Act {
  const some = Buffer.alloc(Math.max(bytes.length, 4000), bytes);
  return (peer) => peer.flood(some.subarray(0, some.length - (some.length % bytes.length)));
}

/** Sends a text, a byte a tick, again and again. */
export function dribbles(text: string): Act {
  return (peer) => peer.dribble(text);
}

/** Says a line once a tick, without end. */
export function repeats(line: string): Act {
  return (peer) => peer.flood(`${line}\r\n`, peer.socket, peer.circumstances.tickMs);
}

/** Sends a line in two segments with a pause between. */
export function saysInHalves(line: string): Act {
  return async (peer) => {
    const half = Math.floor(line.length / 2);
    peer.write(line.slice(0, half));
    await pause(30);
    peer.write(`${line.slice(half)}\r\n`);
  };
}

/** Answers a transfer command and then does this with the data connection, without a word after. */
export function withData(what: (data: Awaited<ReturnType<Peer['data']>>, peer: Peer) => unknown): Act {
  return async (peer) => {
    peer.say('150 here it comes');
    await what(await peer.data(), peer);
  };
}

/** Bytes that a terminal takes for orders, each as a server might hide it in its replies. */
export const terminalOrders: Readonly<Record<string, string>> = {
  ESC: '\u001b[2J\u001b[31mred',
  OSC: '\u001b]0;pwned\u0007',
  BEL: 'ding\u0007\u0007',
  NUL: 'be\u0000fore',
  BS: 'secret\b\b\b\b\b\bpublic',
  CR: 'real\rfake',
  DEL: 'a\u007fb',
  C1: 'csi\u009b2J and osc\u009d0;x\u009c',
  bidi: 'user\u202egnp.exe\u202c \u2066x\u2069',
  'line separator': 'one\u2028two\u2029three\u0085four',
  'zero width': 'pay\u200bpal\ufeff',
};
