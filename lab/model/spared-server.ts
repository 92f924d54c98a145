/* Limits on what is asked of a server outside the lab, which belongs to somebody else. */

/** The start of every probe file's name; random hexadecimal digits follow, so that no existing file is overwritten. */
export const probeName = 'isa-ftp-lab-probe-';

/** Seconds to wait for an answer. A TCP client that waits ten sends its SYN four times (RFC 6298: again after 1, 3 and 7 s). */
export const usualPatience = 10;

/** How many ports a server is asked for by default, and at most. */
export const usualCount = 50;
export const mostPorts = 1000;
