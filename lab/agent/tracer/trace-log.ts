/* What the tracer writes to its firewall's log: one JSON document a line. */
import type { TracedPacket } from '../../model/packet.ts';

/** The tables of the tracer's own, whose rules only mark packets to be traced. */
export const traceTable = 'lab-trace';

/**
 * Where bookmarks are sent to: datagrams by which a firewall shows how far its trace has been written. Their destination
 * port is their number.
 */
export const bookmarkAddress = '127.255.0.1';

/** The number of the tracer's own bookmarks, which the log does not show. */
export const ownBookmark = 65_535;

/** The number of the bookmark that says that rules were loaded: the texts of those before it are no longer true. */
export const loadedBookmark = 65_534;

/** In addition to packets the log has bookmarks, and notes if the kernel could not keep up and left packets out. */
export type TraceNote = { readonly bookmark: number } | { readonly lost: string };

/** A line of the log that is a note. */
export function readNote(line: string): TraceNote | undefined {
  return /^\{"(?:bookmark|lost)":/.test(line) ? (JSON.parse(line) as TraceNote) : undefined;
}

/** A line of a firewall's log; `undefined` if it is not a packet. */
export function readPacket(line: string): TracedPacket | undefined {
  return line.startsWith('{"at":') ? (JSON.parse(line) as TracedPacket) : undefined;
}
