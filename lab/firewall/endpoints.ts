import type { ConnectionAttempt, Endpoint } from '../ftp/attempt.ts';
import type { TracedPacket } from './trace.ts';

/**
 * Whether a packet belongs to the opening of a connection: its SYN, or the SYN-ACK that answers it. Ports are compared
 * and, where NAT cannot have changed them, addresses: a firewall's source NAT keeps the port where it is free
 * (iptables-extensions(8), SNAT), and the FTP helper's NAT keeps the port that it read in PORT where that is free.
 * `server` is the FTP server's address.
 */
export function opens(packet: TracedPacket, connection: ConnectionAttempt, server: string): boolean {
  const answer = packet.flags.includes('ACK');
  const from = answer ? packet.destination : packet.source;
  const to = answer ? packet.source : packet.destination;
  if (!packet.flags.includes('SYN')) return false;
  if (connection.openedBy === 'server')
    return addressOf(from) === server && portOf(to) === portOf(connection.destination);
  const samePort = connection.source === null || portOf(from) === portOf(connection.source);
  return to === connection.destination && samePort;
}

export function addressOf(endpoint: Endpoint): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}

export function portOf(endpoint: Endpoint): string {
  return endpoint.slice(endpoint.lastIndexOf(':') + 1);
}
