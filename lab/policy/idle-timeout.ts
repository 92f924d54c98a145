/** The nft table with a firewall's idle timeout. */
export const idleTimeoutTable = 'idle-timeout';

/** Comment of the rule that sets connections' timeout. */
const idleTimeoutRule = 'Idle timeout';

/**
 * Makes connection tracking forget a TCP connection after so many seconds without a packet, as `nft -f` input (nft(8),
 * "CT TIMEOUT"). The kernel's own limit (`nf_conntrack_tcp_timeout_established`) cannot be changed in a container.
 */
export function idleTimeout(seconds: number): string {
  const name = `idle-${seconds}`;
  return `${[
    `table ip ${idleTimeoutTable} {`,
    `  ct timeout ${name} {`,
    '    protocol tcp; l3proto ip;',
    `    policy = { established : ${seconds} };`,
    '  }',
    '  chain prerouting {',
    '    type filter hook prerouting priority mangle; policy accept;',
    `    meta l4proto tcp ct timeout set "${name}" comment "${idleTimeoutRule}"`,
    '  }',
    '}',
  ].join('\n')}\n`;
}
