import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { LabError } from '../errors.ts';
import {
  countOf,
  type Line,
  lineName,
  type MeasuredLine,
  type Target,
  union,
  type Way,
} from '../model/exposure.ts';
import { isGateway, type PortRange, subnetNames } from '../network/topology.ts';
import type { Counts, Prober } from './prober.ts';

/** A part of a path's ports from one source port, probed in one pass. */
interface Part {
  readonly line: Line;
  readonly sourcePort: number;
  readonly range: PortRange;
  readonly pass: number;
  /** Probes that were sent. */
  sent: number;
}

const allPorts: PortRange = [1, 65535];

/** A part with fewer ports is not divided further. */
const smallestPart = 16_384;

/** As many connections as the kernel should track at once: a table of the usual size holds three passes. */
const passesAtOnce = 2;

/** How long the last probes may be in transit, in milliseconds. */
const settleMs = 1000;

/**
 * Probes every TCP port of every path from each of the source ports. A port counts as closed only if its probe is known to have
 * entered the firewall and not to have left it. Probes are counted as they enter and leave each firewall and as they
 * arrive. If a pass' counts do not agree, or connection tracking dropped packets during it, the pass is repeated in
 * halves, one after the other. Throws LabError `probes-lost` if that does not help.
 */
export async function sweepLines(
  prober: Prober,
  lines: readonly Line[],
  sourcePorts: readonly number[],
  { progress, signal }: { progress?: (done: number, of: number) => void; signal?: AbortSignal } = {},
): Promise<{ readonly lines: MeasuredLine[]; readonly probes: number }> {
  const limit = pLimit(passesAtOnce);
  const newPart = (line: Line, sourcePort: number, range = allPorts): Part => {
    return { line, sourcePort, range, pass: prober.nextPass(), sent: 0 };
  };
  const parts = lines.flatMap((line) => sourcePorts.map((sourcePort) => newPart(line, sourcePort)));
  let done = 0;
  let probes = 0;
  const send = (part: Part) =>
    limit(async () => {
      signal?.throwIfAborted();
      part.sent = await prober.sweep(part.line, part.sourcePort, part.range, part.pass);
      probes += part.sent;
      await prober.flush(part.line.firewalls);
      progress?.(++done, parts.length);
    });
  const good: Part[] = [];
  /** Probes parts that do not answer each other; returns those with lost probes. */
  const attempt = async (wanted: readonly Part[]): Promise<Part[]> => {
    const lostBefore = await prober.flush(prober.guards);
    await Promise.all(wanted.map(send));
    const counts = await settled(prober, wanted);
    const lostSince = (await prober.flush(prober.guards)).map((lost, at) => lost > (lostBefore[at] ?? 0));
    const suspects = prober.guards.filter((_name, at) => lostSince[at]);
    const bad = wanted.filter(
      (part) => !isWhole(part, counts) || part.line.firewalls.some((name) => suspects.includes(name)),
    );
    good.push(...wanted.filter((part) => !bad.includes(part)));
    return bad;
  };
  const bad: Part[] = [];
  for (const outwards of [true, false])
    bad.push(...(await attempt(parts.filter(({ line }) => isOutward(line) === outwards))));
  for (let part = bad.shift(); part; part = bad.shift()) {
    if (countOf([part.range]) < smallestPart) throw probesLost(part);
    for (const half of halvesOf(part.range))
      bad.unshift(...(await attempt([newPart(part.line, part.sourcePort, half)])));
  }
  const [{ arrived, taken }, delivered] = await Promise.all([prober.read(), prober.delivered()]);
  const unlisted = good.find(({ pass }) =>
    [...delivered].some(
      ([name, ports]) => (taken.get(name)?.get(pass) ?? 0) !== (ports.get(pass)?.length ?? 0),
    ),
  );
  // The kernel may lack the memory to note a port, at a moment when it is short of some (nft_dynset.c).
  if (unlisted) throw probesLost(unlisted);
  return { lines: measured(good, { arrived, delivered }, lines, sourcePorts), probes };
}

/**
 * Probes the paths in two halves, so that no path and its reverse are probed together: to connection tracking, a SYN
 * from B to A with the same ports as one from A to B is no new connection.
 */
function isOutward({ networks: [from, to] }: Line): boolean {
  return subnetNames().indexOf(from) < subnetNames().indexOf(to);
}

/** The counts, once they agree for every part or no change is expected any more. */
async function settled(prober: Prober, parts: readonly Part[]): Promise<Counts> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const counts = await prober.read();
    if (parts.every((part) => isWhole(part, counts)) || performance.now() > deadline) return counts;
    await delay(20);
  }
}

/** Whether no probe of a part was lost. */
function isWhole({ line, range, pass, sent }: Part, counts: Counts): boolean {
  return sent === countOf([range]) && isAccountedFor(line, pass, sent, counts);
}

/**
 * Whether it is known what became of each packet of a pass: all that were sent entered the first firewall, and all that left a firewall
 * entered the next one or reached a host.
 */
export function isAccountedFor(
  { firewalls: [first] }: Way,
  pass: number,
  sent: number,
  { entered, left, arrived }: Counts,
): boolean {
  const everywhere = [...entered.values()].reduce((sum, counts) => sum + (counts.get(pass) ?? 0), 0);
  const atFirst = (first && entered.get(first)?.get(pass)) ?? 0;
  const atHosts = [...(arrived.get(pass)?.values() ?? [])].reduce(
    (sum, ranges) => sum + countOf(union(ranges)),
    0,
  );
  return atFirst === sent && (left.get(pass) ?? 0) === everywhere - atFirst + atHosts;
}

function halvesOf([first, last]: PortRange): PortRange[] {
  const middle = Math.floor((first + last) / 2);
  return [
    [first, middle],
    [middle + 1, last],
  ];
}

function measured(
  parts: readonly Part[],
  {
    arrived,
    delivered,
  }: Pick<Counts, 'arrived'> & { readonly delivered: Awaited<ReturnType<Prober['delivered']>> },
  lines: readonly Line[],
  sourcePorts: readonly number[],
): MeasuredLine[] {
  return lines.flatMap((line) =>
    sourcePorts.map((sourcePort): MeasuredLine => {
      const own = parts.filter((part) => part.line === line && part.sourcePort === sourcePort);
      const places = new Map<Target, PortRange[]>();
      const add = (target: Target, ranges: readonly PortRange[]) => {
        if (ranges.length > 0) places.set(target, union(places.get(target) ?? [], ranges));
      };
      for (const { pass } of own) {
        for (const [host, ranges] of arrived.get(pass) ?? []) add(host, ranges);
        for (const [name, ports] of delivered)
          add(
            isGateway(name) ? name : line.to,
            (ports.get(pass) ?? []).map((port): PortRange => [port, port]),
          );
      }
      const open = union(...places.values());
      return { ...line, sourcePort, open, ports: countOf(open), arrivedAt: [...places.keys()] };
    }),
  );
}

function probesLost({ line, range }: Part): LabError {
  return new LabError(
    'environment',
    'probes-lost',
    `Probes on the path ${lineName(line, {})}, ports ${range[0]} to ${range[1]}, were lost again and again`,
    'The machine may be too busy, or net.netfilter.nf_conntrack_max too small. Nothing is known about these ports.',
  );
}
