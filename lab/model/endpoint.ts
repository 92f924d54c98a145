import type { ConnectionAttempt, Endpoint } from './attempt.ts';
import type { PacketEnds, TracedPacket } from './packet.ts';

/**
 * Addresses of the two ends of an attempt. Behind NAT the client also goes by its firewall's outside address; a published server by
 * the address that clients call.
 */
export interface Ends {
  readonly client: readonly string[];
  readonly server: readonly string[];
  /** The server's control port, if clients call another one: both. */
  readonly controlPorts?: readonly string[];
}

/**
 * Whether a packet is one of a connection, in either direction, or an ICMP error about one. `aliases` are further names
 * of the client's end, as address translation gave it.
 */
export function belongsTo(
  connection: ConnectionAttempt,
  packet: TracedPacket,
  ends: Ends,
  aliases: ReadonlySet<Endpoint> = new Set(),
): boolean {
  if (packet.protocol === 'icmp') {
    const about = packet.unreachable?.about;
    if (about === undefined || about === null) return false;
    // Address translation may have given the packet that it is about another destination.
    return joins(connection, about, ends, aliases) || about.source === connection.source;
  }
  return (
    joins(connection, packet, ends, aliases) ||
    (packet.translated !== null && joins(connection, packet.translated, ends, aliases))
  );
}

/** Whether a packet opens a connection or answers that: its SYN or its SYN-ACK (RFC 9293 section 3.5). */
export function opens({ flags }: TracedPacket): boolean {
  return flags.includes('SYN');
}

/** Where a packet goes to, address translation done. */
export function arrivesAt({ destination, translated }: TracedPacket): Endpoint {
  return translated?.destination ?? destination;
}

function joins(
  connection: ConnectionAttempt,
  { source, destination }: PacketEnds,
  ends: Ends,
  aliases: ReadonlySet<Endpoint>,
): boolean {
  const byClient = connection.openedBy === 'client';
  const own = byClient ? connection.source : connection.destination;
  const server = byClient ? connection.destination : null;
  return (
    (isServerEnd(destination, server, ends) && (aliases.has(source) || isClientEnd(source, own, ends))) ||
    (isServerEnd(source, server, ends) && (aliases.has(destination) || isClientEnd(destination, own, ends)))
  );
}

/** Whether an endpoint in a packet is the server's `own`, by any of the server's addresses; `null` matches every port. */
export function isServerEnd(
  seen: Endpoint,
  own: Endpoint | null,
  { server, controlPorts = [] }: Ends,
): boolean {
  if (seen === own) return true;
  if (!server.includes(addressOf(seen))) return false;
  if (own === null) return true;
  const ports = [portOf(seen), portOf(own)];
  const samePort = ports[0] === ports[1] || ports.every((port) => controlPorts.includes(port));
  return server.includes(addressOf(own)) && samePort;
}

/**
 * Whether an endpoint in a packet is the client's `own`, by any of the client's addresses; `null` matches every port. NAT
 * keeps a port if that is free (iptables-extensions(8), SNAT).
 */
function isClientEnd(seen: Endpoint, own: Endpoint | null, { client }: Ends): boolean {
  return client.includes(addressOf(seen)) && (own === null || portOf(seen) === portOf(own));
}

/** The address of an endpoint; an address alone, as of ICMP, stays as it is. */
export function addressOf(endpoint: Endpoint): string {
  const [, ipv6] = /^\[(.*)\]/.exec(endpoint) ?? [];
  if (ipv6 !== undefined) return ipv6;
  const colon = endpoint.indexOf(':');
  return colon < 0 || colon !== endpoint.lastIndexOf(':') ? endpoint : endpoint.slice(0, colon);
}

/** An address from its 4 or 16 bytes, as the kernel prints it (RFC 5952). */
export function addressFrom(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** `192.0.2.1:21`, and `[2001:db8::1]:21` (RFC 3986 section 3.2.2). */
export function endpointOf(address: string, port: number | string): Endpoint {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function portOf(endpoint: Endpoint): string {
  return endpoint.slice(endpoint.lastIndexOf(':') + 1);
}
