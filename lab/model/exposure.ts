import { isGateway, outermost, type PortRange, type RulesPlace, rulesPlaces } from '../network/topology.ts';
import { called, type Names } from './names.ts';
import type { Exposure, Line, MeasuredLine } from './result/exposure.ts';

/*
 * What a rule set lets through in addition to the uploads: measured by probes, in TCP ports. The result is plain data.
 */

export type { Exposure, Line, MeasuredLine, Target, TooBigTest, Way } from './result/exposure.ts';

/**
 * Source ports that a line is probed from: an ordinary one, and those that FTP servers send from (RFC 959, 3.2). The first stands for
 * all under rules that do not look at source ports.
 */
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

/** A line's name: `y-server to vsftpd`; `vsftpd to isa-y (203.0.113.7)`; `y-server to vsftpd over IPv6`. */
export function lineName(
  { from, to, at, ipv6 }: Pick<Line, 'from' | 'to' | 'at' | 'ipv6'>,
  names: Names | undefined,
): string {
  return `${called(from, names)} to ${called(to, names)}${at === undefined ? '' : ` (${at})`}${ipv6 ? ' over IPv6' : ''}`;
}

/** Whether a line leads into a guarded network, to its firewall, or into a host through its own firewall. */
export function isInbound({ networks, to, firewalls }: Pick<Line, 'networks' | 'to' | 'firewalls'>): boolean {
  if (!firewalls.every(isGateway)) return true;
  return networks[1] !== outermost() || isGateway(to);
}

/** The places whose rules the lines are about. */
export function placesOf(lines: readonly Pick<Line, 'firewalls'>[]): RulesPlace[] {
  return rulesPlaces().filter((place) => lines.some(({ firewalls }) => firewalls.includes(place)));
}

/** Whether IPv6 was measured. */
export function isOverIPv6({ packetTooBig }: Exposure): boolean {
  return packetTooBig !== undefined;
}

/** The ports of each line by its name, whatever the source port. */
export function openByLine(lines: readonly MeasuredLine[]): Map<string, { line: Line; open: PortRange[] }> {
  const found = new Map<string, { line: Line; open: PortRange[] }>();
  for (const { open, ...measured } of lines) {
    const { sourcePort, ports, arrivedAt, ...line } = measured;
    const name = lineName(measured, {});
    found.set(name, { line, open: union(found.get(name)?.open ?? [], open) });
  }
  return found;
}

/** The open ports of all lines, and of those that are inbound, each port of a line once. */
export function sumsOf(lines: readonly MeasuredLine[]): { readonly ports: number; readonly inbound: number } {
  const perLine = [...openByLine(lines).values()];
  const sum = (chosen: typeof perLine) => chosen.reduce((total, { open }) => total + countOf(open), 0);
  return { ports: sum(perLine), inbound: sum(perLine.filter(({ line }) => isInbound(line))) };
}

/** Sums up what was measured, over one version of IP after another. */
export function summarize(
  ruleSet: string,
  parts: readonly Pick<Exposure, 'lines' | 'pinholes' | 'packetTooBig'>[],
  rest: Pick<Exposure['summary'], 'probes' | 'ms' | 'mayVary'>,
): Exposure {
  const lines = parts.flatMap((part) => part.lines);
  const packetTooBig = parts.find((part) => part.packetTooBig)?.packetTooBig;
  const summary = {
    ...sumsOf(lines.filter(({ ipv6 }) => !ipv6)),
    ...(packetTooBig && { ipv6: sumsOf(lines.filter(({ ipv6 }) => ipv6)) }),
    ...rest,
  };
  const pinholes = parts.flatMap((part) => part.pinholes);
  return { ruleSet, lines, pinholes, ...(packetTooBig && { packetTooBig }), summary };
}
