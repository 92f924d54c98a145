/*
 * How probes are told from other packets; also in images/base/lab-probe.c, which says why, and in
 * images/base/root/usr/local/bin/lab-exposure. Imports nothing, as the firewalls' tracer uses it.
 */

/** The upper half of every probe's TCP sequence number. */
export const probeMark = 0x9b0d0000;

/** TCP windows of probes: of a sweep, and of a conversation about an FTP transfer. */
export const probeWindows = { sweep: 427, conversation: 428 } as const;

/** Matches probes, in nft's words (nft(8), "TCP HEADER EXPRESSION"): by their window, and the upper half of their sequence number. */
export const probeMatch = `tcp window ${probeWindows.sweep}-${probeWindows.conversation} @th,32,16 0x${(probeMark >>> 16).toString(16)}`;
