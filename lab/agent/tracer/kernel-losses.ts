import { readFileSync } from 'node:fs';
import type { LossReason } from '../../model/packet.ts';

/** The kernel's own counters of packets that it drops outside netfilter's rules, by the reason that each stands for. */
export type LossCounters = ReadonlyMap<LossReason, number>;

/**
 * Counters of the host's network namespace, by the names that they have in /proc/net: of netstat(8)'s tables, and the fields of
 * /proc/net/stat/nf_conntrack (nf_conntrack_standalone.c, ct_cpu_seq_show).
 */
const counted: Record<LossReason, { readonly file: string; readonly names: readonly string[] }> = {
  'reverse-path-filter': { file: 'netstat', names: ['IPReversePathFilter'] },
  'no-route': { file: 'netstat', names: ['InNoRoutes'] },
  'not-forwarding': { file: 'snmp', names: ['InAddrErrors'] },
  'table-full': { file: 'stat/nf_conntrack', names: ['drop', 'early_drop'] },
};

/** Reads them; those that this kernel does not have are left out. */
export function lossCounters(read: (file: string) => string = readProc): LossCounters {
  const tables = new Map<string, ReadonlyMap<string, number>>();
  const found = new Map<LossReason, number>();
  for (const [reason, { file, names }] of Object.entries(counted)) {
    if (!tables.has(file))
      tables.set(file, (file === 'snmp' || file === 'netstat' ? pairs : columns)(read(file)));
    const values = names.map((name) => tables.get(file)?.get(name)).filter((value) => value !== undefined);
    if (values.length > 0)
      found.set(
        reason as LossReason,
        values.reduce((sum, value) => sum + value, 0),
      );
  }
  return found;
}

/** Reasons whose counters moved. */
export function movedReasons(before: LossCounters, after: LossCounters): LossReason[] {
  return [...after].filter(([reason, count]) => count > (before.get(reason) ?? 0)).map(([reason]) => reason);
}

function readProc(file: string): string {
  try {
    return readFileSync(`/proc/net/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** `Ip: NAME NAME` over `Ip: 1 2`. */
function pairs(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').map((line) => line.split(' ').slice(1));
  return new Map(
    lines.flatMap((names, index) =>
      index % 2 === 0
        ? names.map((name, place): [string, number] => [name, Number(lines[index + 1]?.[place])])
        : [],
    ),
  );
}

/** Names in the first line; a line for each CPU, in hex. */
function columns(text: string): ReadonlyMap<string, number> {
  const [names = [], ...cpus] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    names.map((name, place) => [
      name,
      cpus.reduce((sum, values) => sum + Number.parseInt(values[place] ?? '0', 16), 0),
    ]),
  );
}
