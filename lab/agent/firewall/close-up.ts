import { spawnSync } from 'node:child_process';
import { closeUpSet } from '../tracer/marking.ts';
import { traceTable } from '../tracer/trace-log.ts';

/** Has every packet between these pairs of hosts traced from now on, for at most a minute, or no longer. Runs in a firewall. */
export function closeUp(hosts: readonly (readonly [string, string])[], on: boolean): void {
  const pairs = hosts.flatMap(([one, other]) => [`${one} . ${other}`, `${other} . ${one}`]);
  const elements = `{ ${pairs.join(', ')} }`;
  const { status, stderr } = spawnSync(
    'nft',
    [on ? 'add' : 'delete', 'element', 'ip', traceTable, closeUpSet, elements],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`nft: ${stderr.trim()}`);
}
