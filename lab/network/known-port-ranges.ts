import type { PortRange } from './topology.ts';

/** The range from which a system draws listening ports by default, and the source. */
export interface KnownPortRange {
  readonly name: string;
  readonly range: PortRange;
  readonly source: string;
}

/**
 * Default ranges. An FTP server without a configured passive range either lets the system choose ("any port") or draws
 * from all unprivileged ports itself.
 */
export const knownPortRanges: readonly KnownPortRange[] = [
  {
    name: 'Windows 2000/XP/2003, IIS 5 and 6',
    range: [1025, 5000],
    source: 'Microsoft TechNet cc738280; KB 323446 has 1024-5000',
  },
  {
    name: 'Windows Vista/2008 and later, macOS, IANA dynamic',
    range: [49152, 65535],
    source: 'Microsoft KB 929851; RFC 6335 section 6',
  },
  { name: 'Linux', range: [32768, 60999], source: 'Linux ip-sysctl, ip_local_port_range' },
  { name: 'Linux before 4.2', range: [32768, 61000], source: 'Linux ip-sysctl of that time' },
  { name: 'Solaris', range: [32768, 65535], source: 'Solaris tcp_smallest_anon_port' },
  { name: 'FreeBSD', range: [10000, 65535], source: 'FreeBSD ip(4), net.inet.ip.portrange' },
  {
    name: 'any port (default of vsftpd and Pure-FTPd)',
    range: [1024, 65535],
    source: 'vsftpd.conf(5) pasv_min_port; pure-ftpd(8) -p',
  },
];

/** How many ports a range has. */
export function portsIn([first, last]: PortRange): number {
  return last - first + 1;
}
