import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Endpoint } from '../../model/attempt.ts';
import { addressFrom, endpointOf } from '../../model/endpoint.ts';
import type { Family } from '../../network/family.ts';

/** A TCP socket, as proc(5) describes `/proc/net/tcp` and `/proc/net/tcp6`. */
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

/**
 * `0100007F:0015` to `127.0.0.1:21`: each four bytes of the address are in the host's byte order, which is little-endian here. An
 * IPv4 address in an IPv6 socket (RFC 4291 section 2.5.5.2) is one of IPv4.
 */
function endpoint(hex: string): Endpoint {
  const [address = '', port = ''] = hex.split(':');
  const bytes = Buffer.from(address, 'hex');
  if (bytes.length % 4 === 0) bytes.swap32();
  const isMapped =
    bytes.length === 16 &&
    bytes.readUInt32BE(8) === 0xffff &&
    bytes.subarray(0, 8).every((byte) => byte === 0);
  return endpointOf(addressFrom(isMapped ? bytes.subarray(12) : bytes), Number.parseInt(port, 16));
}

/**
 * Tells which TCP sockets a child process opens. To write `/proc/net/tcp` the kernel walks its hash of all connections of all
 * hosts, which takes milliseconds, so it is read only while the process holds an unknown socket.
 */
export class SocketWatch {
  readonly #pid: number;
  readonly #tables: readonly [likely: string, other: string];
  readonly #known = new Set<string>();

  /** `family`: what the process calls its server by, whose sockets are looked for first. */
  constructor(pid: number, family: Family) {
    this.#pid = pid;
    this.#tables = family === 'ipv4' ? ['tcp', 'tcp6'] : ['tcp6', 'tcp'];
  }

  /** The TCP sockets that appeared since the last call: connected, connecting or listening ones. */
  news(): TcpSocket[] {
    const unknown = new Set(socketInodes(this.#pid).filter((inode) => !this.#known.has(inode)));
    if (unknown.size === 0) return [];
    const know = (inode: string) => {
      this.#known.add(inode);
      return unknown.delete(inode);
    };
    // A socket that moves in the table meanwhile is listed twice.
    const foundIn = (table: string) =>
      parseSocketTable(readTable(table), unknown).filter(({ inode }) => know(inode));
    const [likely, other] = this.#tables;
    const found = foundIn(likely);
    if (unknown.size === 0) return found;
    for (const inode of unixSockets()) know(inode);
    return unknown.size === 0 ? found : [...found, ...foundIn(other)];
  }
}

/** A table of the kernel; '' if it has no such family. */
function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1');
  } catch {
    return '';
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
