import { hasIPv6 } from '../has-ipv6.ts';

/**
 * Whether labs have no IPv6: because the kernel here has none (ipv6.disable=1, kernel-parameters), or FTPLAB_IPV6 is `off`, as for an
 * engine on another machine whose kernel has none.
 */
export function lacksIPv6(): boolean {
  return process.env.FTPLAB_IPV6 === 'off' || (process.platform === 'linux' && !hasIPv6());
}
