/*
 * What a firewall says of a packet that it traced: each rule that the packet met, and the one that decided. Written by the
 * tracer in the firewall's container as one JSON document a line.
 */

/** One rule, or one chain's policy, that a packet met. */
export interface RuleMet {
  readonly table: string;
  readonly chain: string;
  /** The rule in iptables-save(8) form, `-A FORWARD ... -j DROP`, or `null` for a chain's policy. */
  readonly rule: string | null;
  readonly comment: string | null;
  /** nft's word: `accept`, `drop`, `continue`, `return`, `jump CHAIN`. */
  readonly verdict: string;
}

export interface Decision {
  readonly action: 'accept' | 'drop' | 'reject';
  readonly table: string;
  readonly chain: string;
  /** The deciding rule's comment, else its text, else `policy CHAIN VERDICT`. */
  readonly rule: string;
}

/** A packet on its way through a firewall. Endpoints are `address:port`, as they were when it came in. */
export interface TracedPacket {
  /** When the tracer read of it (ISO 8601, UTC). */
  readonly at: string;
  readonly protocol: 'tcp';
  readonly source: string;
  readonly destination: string;
  /** TCP flags, in the order of RFC 9293's header from the right: `SYN`, `SYN ACK`, `PSH ACK`. */
  readonly flags: string;
  readonly met: readonly RuleMet[];
  readonly decision: Decision;
}

/** The nft table of the FTP access filter's Read Only; see policy/read-only.ts. */
export const ftpFilterTable = 'ftp-filter';

/**
 * Where bookmarks are sent to: datagrams by which a firewall shows how far its trace has been written. Their destination
 * port is their number.
 */
export const bookmarkAddress = '127.255.0.1';

/** Besides packets the log has bookmarks, and says where the kernel could not keep up and left packets out. */
export type TraceNote = { readonly bookmark: number } | { readonly lost: string };

/** A line of the log that is a note. */
export function readNote(line: string): TraceNote | undefined {
  return /^\{"(?:bookmark|lost)":/.test(line) ? (JSON.parse(line) as TraceNote) : undefined;
}

/** A line of a firewall container's log; `undefined` for one that is no packet. */
export function readPacket(line: string): TracedPacket | undefined {
  return line.startsWith('{"at":') ? (JSON.parse(line) as TracedPacket) : undefined;
}

/** The access rule under which the FTP access filter spoilt the packet's upload command, or `null`. */
export function readOnlyHit({ decision }: TracedPacket): string | null {
  return decision.table === ftpFilterTable ? decision.rule : null;
}
