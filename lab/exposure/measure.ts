import type { Engine } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { type Exposure, type MeasuredLine, sourcePorts, summarize } from '../model/exposure.ts';
import type { PinholeTest } from '../model/pinhole.ts';
import { type FirewallRules, noRules, type RulesByPlace } from '../model/rule-set.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import { type Family, families } from '../network/family.ts';
import { firewallNames, isGateway, type RulesPlace } from '../network/topology.ts';
import { readTables } from '../policy/iptables-save.ts';
import { mayTellSourcePorts } from '../policy/source-ports.ts';
import { linesInto, linesUnder } from './lines.ts';
import { neighboursOf, Prober } from './prober.ts';
import { sweepLines } from './sweep.ts';
import { endsThrough, tryPinholes } from './try-pinholes.ts';
import { tryTooBig } from './try-too-big.ts';

/** A lab with loaded rules. */
export interface Measurable {
  readonly engine: Engine;
  readonly name: string;
  readonly plan: AddressPlan;
  readonly ruleSet: string;
  readonly rules: RulesByPlace;
  readonly mayVary: boolean;
}

export interface MeasureOptions {
  /**
   * Only the paths that cross this firewall alone, as the other one lets nothing through; or those into this host through its own
   * firewall. Default: all that cross a firewall.
   */
  readonly only?: RulesPlace;
  /** Measure over IPv6 too. */
  readonly ipv6?: true | undefined;
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

function asksSourcePorts({ iptables, iptables6 = '', ruleset }: FirewallRules, family: Family): boolean {
  const ofTables = family === 'ipv4' ? iptables : iptables6;
  const inTables = /\S/.test(ofTables) && mayTellSourcePorts(readTables(ofTables, family));
  return inTables || /\bsport\b|@[nt]h,/.test(ruleset ?? '');
}

/** Measures what the loaded rules let through. Throws LabError `probes-lost`, `not-on-hosts`, or the abort reason. */
export async function measureExposure(
  { engine, name, plan, ruleSet, rules, mayVary }: Measurable,
  { only, ipv6, progress, signal }: MeasureOptions = {},
): Promise<Exposure> {
  const start = performance.now();
  const host = only === undefined || isGateway(only) ? undefined : only;
  if (host !== undefined && neighboursOf(host).length === 0)
    throw new LabError(
      'usage',
      'not-on-hosts',
      `What ${host}'s own firewall lets through cannot be measured: probes come from a neighbour, and it has none in its subnet`,
      'Put the file on another host by --on; rules about addresses then need those of that host (--host).',
    );
  const rulesOf = (place: RulesPlace) => rules[place] ?? noRules;
  const guarded = host === undefined ? [] : [host];
  const sweeps = (ipv6 ? families : families.slice(0, 1)).map((family) => {
    const all =
      host === undefined ? linesUnder(rules, plan, family) : linesInto(host, rulesOf(host), plan, family);
    const tell = [...firewallNames(), ...guarded].some((place) => asksSourcePorts(rulesOf(place), family));
    return {
      family,
      lines: all.filter(({ firewalls }) => only === undefined || firewalls.join() === only),
      from: tell ? sourcePorts : sourcePorts.slice(0, 1),
    };
  });
  const passes = sweeps.map(({ lines, from }) => lines.length * from.length);
  const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
  const found: Pick<Exposure, 'lines' | 'pinholes' | 'packetTooBig'>[] = [];
  let probes = 0;
  for (const [at, { family, lines, from }] of sweeps.entries()) {
    await using prober = await Prober.open(engine, name, plan, guarded, family);
    const before = sumOf(passes.slice(0, at));
    const swept = await sweepLines(prober, lines, from, {
      progress: (done) => progress?.(before + done, sumOf(passes)),
      ...(signal && { signal }),
    });
    probes += swept.probes;
    found.push({
      lines: swept.lines,
      pinholes: host === undefined ? await pinholesAmong(prober, swept.lines) : [],
      ...(family === 'ipv6' && { packetTooBig: await tryTooBig(prober, swept.lines) }),
    });
  }
  const ms = Math.round(performance.now() - start);
  return summarize(ruleSet, found, { probes, ms, mayVary });
}

/** What the FTP helpers of the firewalls open on which a control connection passes. */
function pinholesAmong(prober: Prober, lines: readonly MeasuredLine[]): Promise<PinholeTest[]> {
  return tryPinholes(prober, (firewall) =>
    lines.some(({ firewalls, to, open }) => {
      const straight = firewalls.join() === firewall && to === endsThrough(firewall)?.server;
      return straight && open.some(([first, last]) => first <= 21 && 21 <= last);
    }),
  );
}
