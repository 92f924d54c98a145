import { existsSync } from 'node:fs';

/** Whether the kernel here has IPv6 (Linux; ipv6.disable=1 of kernel-parameters takes it away). */
export function hasIPv6(): boolean {
  return existsSync('/proc/sys/net/ipv6');
}
