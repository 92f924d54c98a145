import type { PassivePort } from '../../model/passive-ports.ts';
import { type KnownPortRange, knownPortRanges, portsIn } from '../../network/known-port-ranges.ts';
import type { PortRange } from '../../network/topology.ts';

/** What a sample of passive ports says of the range that a server draws them from. Pure. */
export interface PortSample {
  readonly asked: number;
  readonly distinct: number;
  /** Lowest and highest port seen: a lower bound of the server's range. */
  readonly observed: PortRange;
  /**
   * `counting`: the ports rise (or fall) as they are asked for, so the server counts, and the sample shows only where its
   * counter stands; nothing is estimated then. `scattered`: no such order.
   */
  readonly order: 'scattered' | 'counting';
  /**
   * The chance that the next port lies outside `observed` is at most this, where every port is drawn independently of the
   * others: of n + 1 draws the last is as likely as any to be the lowest, or the highest. `null` where the server counts.
   */
  readonly outsideAtMost: number | null;
  /**
   * The range if all its ports are equally likely: `observed`, widened at both ends by the average gap between the ports
   * seen (the "German tank" estimate). `null` where the server counts, or for fewer than two ports.
   */
  readonly estimate: PortRange | null;
  /** The known ranges that have any of the ports, narrowest first. */
  readonly known: readonly KnownShare[];
}

/** How a sample and a known range fit. */
export interface KnownShare extends KnownPortRange {
  /** How many of the answers lie in the range. */
  readonly inside: number;
  /** How much of the range lies between the lowest and the highest port seen, 0 to 1. */
  readonly spanned: number;
  /**
   * How likely ports drawn evenly from the range span no more of it than these do: for n draws from an interval, n r^(n-1) -
   * (n-1) r^n, where r is the share spanned. `null` where the server counts or not all of its ports lie in the range.
   */
  readonly chance: number | null;
}

/** Below this chance a range is not what the server draws from evenly. */
const unlikely = 0.01;

/** Fewer answers show no order. */
const fewestForOrder = 10;

/** Throws where there is no port at all. */
export function portSample(answers: readonly Pick<PassivePort, 'port'>[]): PortSample {
  const ports = answers.map(({ port }) => port);
  if (ports.length === 0) throw new Error('A sample needs a port');
  const observed: PortRange = [Math.min(...ports), Math.max(...ports)];
  const counting = counts(ports);
  return {
    asked: ports.length,
    distinct: new Set(ports).size,
    observed,
    order: counting ? 'counting' : 'scattered',
    outsideAtMost: counting ? null : Math.min(1, 2 / (ports.length + 1)),
    estimate: counting || ports.length < 2 ? null : widened(observed, ports.length),
    known: knownPortRanges
      .map((known) => share(known, ports, observed, counting))
      .filter(({ inside }) => inside > 0)
      .sort((a, b) => portsIn(a.range) - portsIn(b.range)),
  };
}

/** The narrowest known range that has all the ports seen; where the server scatters them, one that they fill. */
export function fittingRange({ known, asked, order }: PortSample): KnownShare | undefined {
  return known.find(
    ({ inside, chance }) => inside === asked && (order === 'counting' || (chance ?? 0) >= unlikely),
  );
}

/** The smallest ranges that cover what was seen, and what they cover; the known one only where there is one that fits. */
export function rangesToOpen(sample: PortSample): { readonly covers: string; readonly range: PortRange }[] {
  const known = fittingRange(sample);
  const seen = { covers: 'what was seen', range: sample.observed };
  return known ? [seen, { covers: known.name, range: known.range }] : [seen];
}

/** Ports drawn at random rise in about half of the steps from one to the next; nine in ten is a counter. */
function counts(ports: readonly number[]): boolean {
  if (ports.length < fewestForOrder) return false;
  const steps = ports.slice(1).map((port, index) => Math.sign(port - (ports[index] as number)));
  const enough = 0.9 * steps.length;
  return [1, -1].some((direction) => steps.filter((step) => step === direction).length >= enough);
}

function widened([first, last]: PortRange, draws: number): PortRange {
  const gap = Math.max(0, Math.round((last - first) / (draws - 1)) - 1);
  return [Math.max(1, first - gap), Math.min(65535, last + gap)];
}

function share(
  known: KnownPortRange,
  ports: readonly number[],
  observed: PortRange,
  counting: boolean,
): KnownShare {
  const [first, last] = known.range;
  const inside = ports.filter((port) => port >= first && port <= last).length;
  const common = Math.min(last, observed[1]) - Math.max(first, observed[0]) + 1;
  const spanned = Math.max(0, common) / portsIn(known.range);
  const n = ports.length;
  const chance = counting || inside < n ? null : Math.min(1, n * spanned ** (n - 1) - (n - 1) * spanned ** n);
  return { ...known, inside, spanned, chance };
}

/** Ports per equal part of `observed`, lowest first; at most `parts`, and none narrower than a port. */
export function histogram(
  answers: readonly Pick<PassivePort, 'port'>[],
  [first, last]: PortRange,
  parts: number,
): { readonly range: PortRange; readonly count: number }[] {
  const width = Math.ceil((last - first + 1) / parts);
  const bars: { range: PortRange; count: number }[] = [];
  for (let from = first; from <= last; from += width) {
    const to = Math.min(last, from + width - 1);
    bars.push({ range: [from, to], count: answers.filter(({ port }) => port >= from && port <= to).length });
  }
  return bars;
}
