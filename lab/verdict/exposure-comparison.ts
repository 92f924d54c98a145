import {
  countOf,
  difference,
  type Exposure,
  isInbound,
  isOverIPv6,
  type Line,
  openByLine,
} from '../model/exposure.ts';
import { abuses } from '../model/pinhole.ts';
import type { PortChange } from '../model/result/comparison.ts';
import type { PortRange } from '../network/topology.ts';

/** The open ports of several rule sets on the same paths, so that they can be summed and compared. */
export type SameLines = ReadonlyMap<string, { readonly line: Line; readonly open: readonly PortRange[] }>;

/**
 * Each exposure on every path on which any of them was measured. If a rule set was not measured at a host because it
 * treats it like another one (see lines.ts), it has that host's ports there. IPv6 is left out unless it was measured of all.
 */
export function atSameLines(exposures: readonly Exposure[]): SameLines[] {
  const both = exposures.every(isOverIPv6);
  const measured = exposures.map(({ lines }) => openByLine(lines.filter(({ ipv6 }) => both || !ipv6)));
  const all = new Map(
    measured.flatMap((lines) => [...lines].map(([name, { line }]) => [name, line] as const)),
  );
  return measured.map(
    (lines) =>
      new Map(
        [...all].map(([name, line]) => {
          const own = [...lines.values()].find((other) => standsFor(other.line, line));
          if (!own) throw new Error(`Nothing was measured that stands for ${name}`);
          return [name, { line, open: own.open }];
        }),
      ),
  );
}

/** Whether a measured path represents another one, because its rules treat both ends alike. */
function standsFor({ alike: [from, to], networks, ipv6 }: Line, wanted: Line): boolean {
  const same = networks.join() === wanted.networks.join() && ipv6 === wanted.ipv6;
  return same && from.includes(wanted.from) && to.includes(wanted.to);
}

/** The open ports on all paths, and on inbound ones. */
export function totals(lines: SameLines): { readonly ports: number; readonly inbound: number } {
  const sum = (chosen: readonly { open: readonly PortRange[] }[]) =>
    chosen.reduce((total, { open }) => total + countOf(open), 0);
  const own = [...lines.values()];
  return { ports: sum(own), inbound: sum(own.filter(({ line }) => isInbound(line))) };
}

/** The ports that each path gained and lost; paths without a change are left out. */
export function exposureChanges(before: Exposure, after: Exposure): PortChange[] {
  const [former, later] = atSameLines([before, after]);
  return [...(former ?? [])].flatMap(([name, { line, open }]) => {
    const now = later?.get(name)?.open ?? [];
    const change = { line, opened: difference(now, open), closed: difference(open, now) };
    return change.opened.length + change.closed.length > 0 ? [change] : [];
  });
}

/** Whether one rule set lets through only a part of what the other one does. */
export function dominates(one: Exposure, other: Exposure): boolean {
  const [narrow, wide] = atSameLines([one, other]);
  if (!narrow || !wide) return false;
  const within = [...narrow].every(
    ([name, { open }]) => difference(open, wide.get(name)?.open ?? []).length === 0,
  );
  const holes = (exposure: Exposure) =>
    abuses(exposure.pinholes).map(({ firewall, command, names, port, ipv6 }) =>
      [firewall, command, names, port, ipv6].join(),
    );
  const known = new Set(holes(other));
  return within && holes(one).every((hole) => known.has(hole)) && totals(narrow).ports < totals(wide).ports;
}
