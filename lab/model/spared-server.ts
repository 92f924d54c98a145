/* What a server outside the lab, which is somebody's own, may be asked for. */

/** What every probe file's name starts with; random hexadecimal digits follow, so that no file has it already. */
export const probeName = 'isa-ftp-lab-probe-';

/** Seconds to wait for an answer. A TCP client that waits ten sends its SYN four times (RFC 6298: after 1, 3 and 7 s again). */
export const usualPatience = 10;

/** How many ports a server is asked for unless told otherwise, and at most. */
export const usualCount = 50;
export const mostPorts = 1000;
