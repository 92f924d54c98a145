import type { Engine } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { type Exposure, sourcePorts, summarize } from '../model/exposure.ts';
import { type FirewallRules, noRules, type RulesByPlace } from '../model/rule-set.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import { isGateway, type RulesPlace } from '../network/topology.ts';
import { readTables } from '../policy/iptables-save.ts';
import { mayTellSourcePorts } from '../policy/source-ports.ts';
import { linesInto, linesUnder } from './lines.ts';
import { neighboursOf, Prober } from './prober.ts';
import { sweepLines } from './sweep.ts';
import { endsThrough, tryPinholes } from './try-pinholes.ts';

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
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

function asksSourcePorts({ iptables, ruleset }: FirewallRules): boolean {
  const inIptables = /\S/.test(iptables) && mayTellSourcePorts(readTables(iptables));
  return inIptables || /\bsport\b|@[nt]h,/.test(ruleset ?? '');
}

/** Measures what the loaded rules let through. Throws LabError `probes-lost`, `not-on-hosts`, or the abort reason. */
export async function measureExposure(
  { engine, name, plan, ruleSet, rules, mayVary }: Measurable,
  { only, ...options }: MeasureOptions = {},
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
  await using prober = await Prober.open(engine, name, plan, host === undefined ? [] : [host]);
  const rulesOf = (place: RulesPlace) => rules[place] ?? noRules;
  const all = host === undefined ? linesUnder(rules, plan) : linesInto(host, rulesOf(host), plan);
  const lines = all.filter(({ firewalls }) => only === undefined || firewalls.join() === only);
  const tell = prober.guards.some((place) => asksSourcePorts(rulesOf(place)));
  const swept = await sweepLines(prober, lines, tell ? sourcePorts : sourcePorts.slice(0, 1), options);
  const pinholes =
    host !== undefined
      ? []
      : await tryPinholes(prober, (firewall) =>
          swept.lines.some(({ firewalls, to, open }) => {
            const straight = firewalls.join() === firewall && to === endsThrough(firewall)?.server;
            return straight && open.some(([first, last]) => first <= 21 && 21 <= last);
          }),
        );
  const ms = Math.round(performance.now() - start);
  return summarize(ruleSet, swept.lines, pinholes, { probes: swept.probes, ms, mayVary });
}
