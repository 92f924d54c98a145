/** The nft table with a firewall's idle timeout, for both versions of IP. */
export const idleTimeoutTable = 'inet idle-timeout';

/** Comment of the rule that sets connections' timeout. */
const idleTimeoutRule = 'Idle timeout';

/**
 * Makes connection tracking forget a TCP connection after so many seconds without a packet, as `nft -f` input (nft(8),
 * "CT TIMEOUT"). The kernel's own limit (`nf_conntrack_tcp_timeout_established`) cannot be changed in a container.
 */
export function idleTimeout(seconds: number): string {
  const families = [
    { l3: 'ip', nfproto: 'ipv4' },
    { l3: 'ip6', nfproto: 'ipv6' },
  ].map((family) => ({ ...family, name: `idle-${seconds}-${family.nfproto}` }));
  return `${[
    `table ${idleTimeoutTable} {`,
    ...families.flatMap(({ l3, name }) => [
      `  ct timeout ${name} {`,
      `    protocol tcp; l3proto ${l3};`,
      `    policy = { established : ${seconds} };`,
      '  }',
    ]),
    '  chain prerouting {',
    '    type filter hook prerouting priority mangle; policy accept;',
    ...families.map(
      ({ nfproto, name }) =>
        `    meta nfproto ${nfproto} meta l4proto tcp ct timeout set "${name}" comment "${idleTimeoutRule}"`,
    ),
    '  }',
    '}',
  ].join('\n')}\n`;
}
