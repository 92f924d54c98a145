import { spawnSync } from 'node:child_process';
import type { Endpoint } from '../model/attempt.ts';

/**
 * Closes this host's TCP connections from or to the given endpoints, also half-open ones (ss(8), `--kill`). Without this an FTP
 * server whose packets are dropped goes on sending them for minutes to a client that has left, and a few such sessions fill
 * a server (Pure-FTPd takes half as many as it has passive ports). If the kernel cannot do it (CONFIG_INET_DIAG_DESTROY),
 * they time out by themselves.
 */
export function abandon(endpoints: readonly Endpoint[]): void {
  const filter = endpoints.flatMap((endpoint, index) => [
    ...(index > 0 ? ['or'] : []),
    ...['src', endpoint, 'or', 'dst', endpoint],
  ]);
  if (endpoints.length > 0) spawnSync('ss', ['--kill', '--tcp', 'state', 'connected', '(', ...filter, ')']);
}
