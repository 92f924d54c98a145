import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Endpoint } from '../attempt.ts';

/** A TCP socket over IPv4, as proc(5) describes `/proc/net/tcp`. */
export interface TcpSocket {
  readonly inode: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly state: 'connecting' | 'established' | 'other';
}

/** States by the kernel's number (include/net/tcp_states.h). */
const states: Record<string, TcpSocket['state']> = { '01': 'established', '02': 'connecting' };

/** The sockets in the text of `/proc/net/tcp`. */
export function parseSocketTable(text: string): TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
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

/** The TCP sockets that a process of one's own holds at this moment; none once it has ended. */
export function socketsOf(pid: number): TcpSocket[] {
  const inodes = new Set<string>();
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      if (inode) inodes.add(inode);
    }
  } catch {
    return [];
  }
  if (inodes.size === 0) return [];
  return parseSocketTable(readFileSync('/proc/net/tcp', 'latin1')).filter(({ inode }) => inodes.has(inode));
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
