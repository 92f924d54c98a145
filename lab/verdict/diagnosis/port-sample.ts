import type { Head } from '../../model/origin.ts';
import type { AskedServer, PassivePort } from '../../model/passive-ports.ts';
import type { KnownShare, PortRule, PortSample, PortsResult } from '../../model/result/ports.ts';
import { type KnownPortRange, knownPortRanges, portsIn } from '../../network/known-port-ranges.ts';
import type { PortRange } from '../../network/topology.ts';
import { passiveRangeRule } from '../../policy/passive-range-rule.ts';

/** Below this chance, the server does not draw evenly from the range. */
const unlikely = 0.01;

/** Fewer answers show no order. */
const fewestForOrder = 10;

/** Throws if there is no port. */
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

/** The narrowest known range that contains all announced ports; if the server scatters them, one that they fill. */
export function fittingRange({ known, asked, order }: PortSample): KnownShare | undefined {
  return known.find(
    ({ inside, chance }) => inside === asked && (order === 'counting' || (chance ?? 0) >= unlikely),
  );
}

/** The smallest ranges that cover the announced ports, and a description of each; the known range only if one fits. */
export function rangesToOpen(sample: PortSample): { readonly covers: string; readonly range: PortRange }[] {
  const known = fittingRange(sample);
  const seen = { covers: 'what was seen', range: sample.observed };
  return known ? [seen, { covers: known.name, range: known.range }] : [seen];
}

/** Random ports rise in about half of the steps; nine in ten indicate a counter. */
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

/** The number of ports per equal part of `observed`, lowest first; at most `parts` parts, each at least one port wide. */
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

/** Who was asked for passive ports, and what came of it, with what that says of the server's range. */
export function portsFound({
  server,
  address,
  port,
  report: { ports, refused, failure },
}: AskedServer): Omit<PortsResult, keyof Head<'ports'>> {
  const sample = ports.length === 0 ? null : portSample(ports);
  const rules = sample && rangesToOpen(sample).map((one) => ruleFor(one, address, port));
  return { server, address, port, ports, refused, failure, sample, rules };
}

function ruleFor(
  { covers, range }: { covers: string; range: PortRange },
  address: string,
  port: number,
): PortRule {
  return { covers, range, ...passiveRangeRule(address, port, range) };
}
