import type { Engine } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { type Exposure, sourcePorts, summarize } from '../model/exposure.ts';
import type { RulesByPlace } from '../model/rule-set.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import { firewallNames, isGateway, type RulesPlace } from '../network/topology.ts';
import { readTables } from '../policy/iptables-save.ts';
import { mayTellSourcePorts } from '../policy/source-ports.ts';
import { linesUnder, representatives } from './lines.ts';
import { Prober } from './prober.ts';
import { sweepLines } from './sweep.ts';
import { tryPinholes } from './try-pinholes.ts';

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
  /** Only the paths that cross this firewall alone, as the other one lets nothing through. Default: all. */
  readonly only?: RulesPlace;
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Measures what the loaded rules let through. Throws LabError `probes-lost`, `not-on-hosts`, or the abort reason. */
export async function measureExposure(
  { engine, name, plan, ruleSet, rules, mayVary }: Measurable,
  { only, ...options }: MeasureOptions = {},
): Promise<Exposure> {
  const start = performance.now();
  const host = (Object.keys(rules) as RulesPlace[]).find((place) => !isGateway(place));
  if (host !== undefined)
    throw new LabError(
      'usage',
      'not-on-hosts',
      `What ${host}'s own firewall lets through cannot be measured yet; the lab counts ports at the firewalls between networks`,
      '"ftplab try" shows which uploads such rules let through.',
    );
  await using prober = await Prober.open(engine, name, plan);
  const all = linesUnder(rules, plan);
  const lines = all.filter(({ firewalls }) => only === undefined || firewalls.join() === only);
  const tell = firewallNames.some((name) => mayTellSourcePorts(readTables(rules[name].iptables)));
  const swept = await sweepLines(prober, lines, tell ? sourcePorts : sourcePorts.slice(0, 1), options);
  const pinholes = await tryPinholes(prober, (firewall) =>
    swept.lines.some(({ firewalls, to, open }) => {
      const straight = firewalls.length === 1 && firewalls[0] === firewall && to === representatives.external;
      return straight && open.some(([first, last]) => first <= 21 && 21 <= last);
    }),
  );
  const ms = Math.round(performance.now() - start);
  return summarize(ruleSet, swept.lines, pinholes, { probes: swept.probes, ms, mayVary });
}
