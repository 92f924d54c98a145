import { spawnSync } from 'node:child_process';
import { type Family, familyOf, ipWord } from '../../network/family.ts';
import { closeUpSet } from '../tracer/marking.ts';
import { traceTable } from '../tracer/trace-log.ts';

/** Pairs that are looked at, as the set has them, and by how many attempts. */
const looks = new Map<string, number>();

/** Has every packet between these pairs of hosts traced until every attempt that asked for it is done. Runs in a firewall. */
export function closeUp(hosts: readonly (readonly [string, string])[], on: boolean): void {
  for (const [one, other] of hosts)
    for (const pair of [`${one} . ${other}`, `${other} . ${one}`]) {
      const count = (looks.get(pair) ?? 0) + (on ? 1 : -1);
      if (count > 0) looks.set(pair, count);
      else looks.delete(pair);
    }
  const input = [...new Set(hosts.map(([one]) => familyOf(one)))].map(inOneVersion).join('');
  const { status, stderr } = spawnSync('nft', ['-f', '-'], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`nft: ${stderr.trim()}`);
}

/** The pairs of one version of IP that are looked at, as nft takes them. */
function inOneVersion(family: Family): string {
  const set = `${ipWord(family)} ${traceTable} ${closeUpSet}`;
  const pairs = [...looks.keys()].filter((pair) => familyOf(pair) === family);
  const elements = pairs.length > 0 ? `add element ${set} { ${pairs.join(', ')} }` : '';
  return `flush set ${set}\n${elements}\n`;
}
