import type { MovedCounter } from '../model/evidence.ts';

interface Counter extends MovedCounter {
  /** Its place in the output, since two rules may have the same text. */
  readonly place: string;
}

const ruleLine = /^\[(\d+):(\d+)\] (-A (\S+) .*)$/;
const policyLine = /^:(\S+) (\S+) \[(\d+):(\d+)\]$/;

/**
 * The counters that changed between two outputs of `iptables-save -c`, in the order of the output. Both must hold the
 * same rules.
 */
export function movedCounters(before: string, after: string): MovedCounter[] {
  const earlier = new Map(countersIn(before).map((counter) => [counter.place, counter]));
  return countersIn(after).flatMap(({ place, packets, bytes, ...rest }) => {
    const moved = packets - (earlier.get(place)?.packets ?? 0);
    return moved > 0 ? [{ ...rest, packets: moved, bytes: bytes - (earlier.get(place)?.bytes ?? 0) }] : [];
  });
}

function countersIn(saved: string): Counter[] {
  const counters: Counter[] = [];
  let table = '';
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const [, packets, bytes, rule, chain] = ruleLine.exec(line) ?? [];
    const [, policyChain, policy, policyPackets, policyBytes] = policyLine.exec(line) ?? [];
    const place = `${table} ${counters.length}`;
    if (rule && chain)
      counters.push({ place, table, chain, rule, packets: Number(packets), bytes: Number(bytes) });
    // A chain of one's own has none.
    else if (policyChain && policy !== '-')
      counters.push({
        place,
        table,
        chain: policyChain,
        rule: `policy ${policy}`,
        packets: Number(policyPackets),
        bytes: Number(policyBytes),
      });
  }
  return counters;
}
