import type { ClientName, FirewallName, PortRange, ServerName, SubnetName } from '../network/topology.ts';
import type { PinholeTest } from './pinhole.ts';

/*
 * What a rule set lets through besides the uploads: measured by probes, in TCP ports. The result is plain data.
 */

/** Who was probed. A firewall stands for its own outside address. */
export type Target = ClientName | ServerName | FirewallName;

/** Where packets come from and go to. */
export interface Way {
  readonly from: ClientName | ServerName;
  readonly to: Target;
  readonly networks: readonly [from: SubnetName, to: SubnetName];
  /** The firewalls on the way, in order. */
  readonly firewalls: readonly FirewallName[];
}

/** A way that is probed. */
export interface Line extends Way {
  /** Whom each end stands for, itself included: the rules treat them alike. */
  readonly alike: readonly [from: readonly Target[], to: readonly Target[]];
}

/** One line from one source port: which of the ports 1 to 65535 the probes arrived from. */
export interface MeasuredLine extends Line {
  readonly sourcePort: number;
  /** Ports that the probes were sent to and that arrived, ascending. */
  readonly open: readonly PortRange[];
  /** How many ports that is. */
  readonly ports: number;
  /** Where they arrived: usually `to`; another host after destination NAT. */
  readonly arrivedAt: readonly Target[];
}

/** What was measured of one rule set; also the document that `exposure --json` writes. */
export interface Exposure {
  readonly version: 1;
  readonly ruleSet: string;
  readonly lines: readonly MeasuredLine[];
  /** What the firewalls' FTP helpers open when a control connection asks for it. */
  readonly pinholes: readonly PinholeTest[];
  readonly summary: {
    /** Ports open on all lines together, each port of a line once whatever the source port. */
    readonly ports: number;
    /** The same, for lines into X or Y from outside of it. */
    readonly inbound: number;
    readonly probes: number;
    readonly ms: number;
    /** Whether the rules depend on time, count or chance, so that another measurement may differ. */
    readonly mayVary: boolean;
  };
}

/** Source ports that every line is probed from: an ordinary one, and those that FTP servers send from (RFC 959, 3.2). */
export const sourcePorts = [40000, 20, 21] as const;

/** Ranges of ports that are in any of the lists, ascending, adjacent ones merged. */
export function union(...lists: readonly (readonly PortRange[])[]): PortRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of lists.flat().sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Ranges of ports that are in `from` and not in `without`. */
export function difference(from: readonly PortRange[], without: readonly PortRange[]): PortRange[] {
  let left = union(from);
  for (const [first, last] of without)
    left = left.flatMap(([a, b]): PortRange[] => {
      if (last < a || first > b) return [[a, b]];
      return [...(a < first ? [[a, first - 1] as const] : []), ...(b > last ? [[last + 1, b] as const] : [])];
    });
  return left;
}

/** How many ports there are in ranges that do not overlap. */
export function countOf(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** `21, 1024-65535`; `none` for none. */
export function rangesText(ranges: readonly PortRange[]): string {
  if (ranges.length === 0) return 'none';
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}

/** A line's name: `y-server to vsftpd`. */
export function lineName({ from, to }: Pick<Line, 'from' | 'to'>): string {
  return `${from} to ${to}`;
}

/** Whether a line leads into a guarded network, or to its firewall. */
export function isInbound({ networks, to }: Pick<Line, 'networks' | 'to'>): boolean {
  return networks[1] !== 'external' || to.startsWith('isa-');
}

/** The ports of each line by its name, whatever the source port. */
export function openByLine(lines: readonly MeasuredLine[]): Map<string, { line: Line; open: PortRange[] }> {
  const found = new Map<string, { line: Line; open: PortRange[] }>();
  for (const line of lines) {
    const name = lineName(line);
    found.set(name, { line, open: union(found.get(name)?.open ?? [], line.open) });
  }
  return found;
}

/** Sums up what was measured. */
export function summarize(
  ruleSet: string,
  lines: readonly MeasuredLine[],
  pinholes: readonly PinholeTest[],
  rest: Pick<Exposure['summary'], 'probes' | 'ms' | 'mayVary'>,
): Exposure {
  const perLine = [...openByLine(lines).values()];
  const sum = (chosen: typeof perLine) => chosen.reduce((total, { open }) => total + countOf(open), 0);
  const summary = {
    ports: sum(perLine),
    inbound: sum(perLine.filter(({ line }) => isInbound(line))),
    ...rest,
  };
  return { version: 1, ruleSet, lines, pinholes, summary };
}
