import type { ConnectionAttempt, Endpoint } from '../ftp/attempt.ts';
import type { TracedPacket } from './trace.ts';

/** Addresses of the two ends of an attempt. Behind NAT the client also goes by its firewall's outside address. */
export interface Ends {
  readonly client: readonly string[];
  readonly server: string;
}

/**
 * Whether a packet belongs to the opening of a connection: its SYN, or the SYN-ACK that answers it. NAT may have changed
 * the client's address on the way, but keeps its port where that is free (iptables-extensions(8), SNAT), and so does the
 * FTP helper with the port that it read in PORT.
 */
export function opens(packet: TracedPacket, connection: ConnectionAttempt, ends: Ends): boolean {
  if (!packet.flags.includes('SYN')) return false;
  const answer = packet.flags.includes('ACK');
  const from = answer ? packet.destination : packet.source;
  const to = answer ? packet.source : packet.destination;
  return connection.openedBy === 'server'
    ? addressOf(from) === ends.server && isClientEnd(to, connection.destination, ends)
    : to === connection.destination && isClientEnd(from, connection.source, ends);
}

/** Whether an endpoint in a packet is the client's `own`, by any of the client's addresses; `null` matches every port. */
export function isClientEnd(seen: Endpoint, own: Endpoint | null, { client }: Ends): boolean {
  return client.includes(addressOf(seen)) && (own === null || portOf(seen) === portOf(own));
}

export function addressOf(endpoint: Endpoint): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}

export function portOf(endpoint: Endpoint): string {
  return endpoint.slice(endpoint.lastIndexOf(':') + 1);
}
