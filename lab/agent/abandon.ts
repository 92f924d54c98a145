import { spawnSync } from 'node:child_process';

/**
 * Ends this host's connection attempts to the given ports (ss(8), `--kill`): an FTP server whose SYN was dropped would go
 * on calling a client that has left for a minute, and few such sessions fill a server (Pure-FTPd takes half as many as it
 * has passive ports). Where the kernel cannot (CONFIG_INET_DIAG_DESTROY) they end by themselves.
 */
export function abandonConnecting(ports: readonly number[]): void {
  const filter = ports.flatMap((port, index) => [...(index > 0 ? ['or'] : []), 'dport', '=', `:${port}`]);
  if (ports.length > 0) spawnSync('ss', ['--kill', 'state', 'syn-sent', '(', ...filter, ')']);
}
