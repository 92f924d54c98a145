import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Endpoint } from '../../model/attempt.ts';

/** A TCP socket over IPv4, as proc(5) describes `/proc/net/tcp`. */
export interface TcpSocket {
  readonly inode: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly state: 'connecting' | 'established' | 'other';
}

/** States by the kernel's number (include/net/tcp_states.h). */
const states: Record<string, TcpSocket['state']> = { '01': 'established', '02': 'connecting' };

/** The sockets in the text of `/proc/net/tcp`, or those of them with these inodes. */
export function parseSocketTable(text: string, inodes?: ReadonlySet<string>): TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => !inodes || [...inodes].some((inode) => line.includes(` ${inode} `)))
    .flatMap((line) => {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
      if (!local || !remote || !state || !inode) return [];
      return [{ inode, local: endpoint(local), remote: endpoint(remote), state: states[state] ?? 'other' }];
    });
}

/** `0100007F:0015` to `127.0.0.1:21`: the address is in the host's byte order, which is little-endian here. */
function endpoint(hex: string): Endpoint {
  const [address = '', port = ''] = hex.split(':');
  return `${Buffer.from(address, 'hex').reverse().join('.')}:${Number.parseInt(port, 16)}`;
}

/**
 * Tells which TCP sockets a child process opens. To write `/proc/net/tcp` the kernel walks its hash of all connections of all
 * hosts, which takes milliseconds, so it is read only while the process holds an unknown socket.
 */
export class SocketWatch {
  readonly #pid: number;
  readonly #known = new Set<string>();

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** The TCP sockets that appeared since the last call: connected, connecting or listening ones. */
  news(): TcpSocket[] {
    const unknown = new Set(socketInodes(this.#pid).filter((inode) => !this.#known.has(inode)));
    if (unknown.size === 0) return [];
    // A socket that moves in the table meanwhile is listed twice.
    const found = parseSocketTable(readFileSync('/proc/net/tcp', 'latin1'), unknown).filter(({ inode }) =>
      unknown.delete(inode),
    );
    for (const { inode } of found) this.#known.add(inode);
    if (unknown.size > 0) for (const inode of unixSockets()) this.#known.add(inode);
    return found;
  }
}

/** The sockets of any family that a process holds now; none once it has ended. */
function socketInodes(pid: number): string[] {
  return descriptorsOf(pid).flatMap((descriptor) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`)) ?? [];
    return inode ? [inode] : [];
  });
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

/** The inodes in `/proc/net/unix`, the seventh column (proc(5)). */
function unixSockets(): string[] {
  const lines = readFileSync('/proc/net/unix', 'latin1').split('\n').slice(1);
  return lines.flatMap((line) => line.trim().split(/\s+/)[6] ?? []);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
