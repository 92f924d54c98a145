import { spawnSync } from 'node:child_process';
import type { Endpoint } from '../model/attempt.ts';

/**
 * Ends this host's TCP connections from or to the given endpoints, and attempts at some (ss(8), `--kill`): an FTP server whose
 * packets are dropped would go on sending them to a client that has left for minutes, and few such sessions fill a server
 * (Pure-FTPd takes half as many as it has passive ports). Where the kernel cannot (CONFIG_INET_DIAG_DESTROY) they end by
 * themselves.
 */
export function abandon(endpoints: readonly Endpoint[]): void {
  const filter = endpoints.flatMap((endpoint, index) => [
    ...(index > 0 ? ['or'] : []),
    ...['src', endpoint, 'or', 'dst', endpoint],
  ]);
  if (endpoints.length > 0) spawnSync('ss', ['--kill', '--tcp', 'state', 'connected', '(', ...filter, ')']);
}
