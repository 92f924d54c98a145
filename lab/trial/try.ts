import { LabError } from '../errors.ts';
import type { TransferMode } from '../model/attempt.ts';
import type { Attempt } from '../model/cell.ts';
import { type DriverWord, driversOf, refuseUnable } from '../model/drivers.ts';
import { called, everyPlace } from '../model/names.ts';
import type { RunResult } from '../model/run-result.ts';
import {
  type ClientName,
  clientNames,
  isGateway,
  type ServerName,
  serverNames,
} from '../network/topology.ts';
import { judgeDemands } from '../verdict/demands.ts';
import { attemptsAcross } from './attempts-across.ts';
import { type Demanded, type DemandOptions, demanded, withoutRepeats } from './demanded.ts';
import {
  firewallOf,
  type NamedRules,
  type RulesOptions,
  type RulesSource,
  readRules,
  versionsOf,
} from './read-rules.ts';
import { type RunConditions, runInLab } from './run.ts';
import { cellsAndRulesUsed, loadAndControl } from './under-rules.ts';

/** Which uploads to try. Default: all that cross a firewall, by basic-ftp. */
export interface Uploads {
  readonly clients?: readonly ClientName[] | undefined;
  readonly servers?: readonly ServerName[] | undefined;
  readonly modes?: readonly TransferMode[] | undefined;
  readonly drivers?: readonly DriverWord[] | undefined;
  readonly tls?: boolean | undefined;
  /** By IPv6, or by IPv4. */
  readonly ipv6?: true | undefined;
}

export interface TryRequest extends RulesOptions, Uploads, DemandOptions, RunConditions {}

/**
 * Tries uploads under rules, without expectations. Loads the rules once before the controls, so that a file that does
 * not load fails at once, and again after them. What is needed or forbidden is tried too. Throws LabError, or the signal's reason.
 */
export async function tryRules(source: RulesSource, request: TryRequest = {}): Promise<RunResult> {
  const go = await preparedTry(source, request);
  return go(request);
}

/** {@link tryRules} in two steps: reads the rules and chooses the uploads, and returns what tries them. Throws LabError `usage`. */
export async function preparedTry(
  source: RulesSource,
  request: RulesOptions & Uploads & DemandOptions,
): Promise<(conditions: RunConditions) => Promise<RunResult>> {
  const { rules, attempts, asked } = await readTrial(source, request);
  const cells = attempts.map((attempt) => ({ ...attempt, ruleSet: rules.rules.name }));
  const question = `what do the rules of ${rules.word} let through?`;
  return async (conditions) => {
    const run = await runInLab(
      { cells, about: () => ({ question, staged: false }), rules: [rules] },
      // The lab has the interfaces and addresses that the rules were read for.
      { ...request, ...conditions },
      async (lab, options) => {
        const checked = await loadAndControl(lab, [rules], attempts, options);
        const wanted = attempts.map((key) => ({ key }));
        const tried = await cellsAndRulesUsed(lab, rules, wanted, options);
        return { ...checked, ...tried, notes: checked.notes.flat(), skipped: [] };
      },
    );
    return { ...run, summary: { ...run.summary, demands: judgeDemands(asked, run.cells) } };
  };
}

/** A user's rules, the uploads to try under them, and what is asked of the rules. */
export interface Trial {
  readonly rules: NamedRules;
  /** With those that are needed or forbidden. */
  readonly attempts: readonly Attempt[];
  readonly asked: Demanded;
}

/** Reads rules and chooses the uploads. Throws LabError `usage` if anything is wrong with either, or with what is asked. */
export async function readTrial(
  source: RulesSource,
  request: RulesOptions & Uploads & DemandOptions,
): Promise<Trial> {
  const { clients, servers, modes, drivers, tls = false, ipv6, names } = request;
  refuseUnable(drivers ?? [], modes, tls, ipv6);
  const [rules] = await readRules([source], request);
  if (!rules) throw new Error('A source is rules');
  const only = firewallOf([rules]);
  const programs = { drivers: driversOf(drivers), tls: [tls] };
  const chosen = (ipv6 ? ['ipv6' as const] : versionsOf([rules])).flatMap((version) =>
    attemptsAcross({
      clients,
      servers,
      modes,
      ...programs,
      only,
      ...(version === 'ipv6' && { ipv6: true }),
    }),
  );
  const asked = demanded(request, only);
  if (chosen.length > 0) return { rules, attempts: withoutRepeats([...chosen, ...asked.attempts]), asked };
  const listed = (hosts: readonly string[]) => hosts.map((host) => called(host, names)).join(', ');
  throw new LabError(
    'usage',
    'nothing-to-try',
    `No path from ${listed(clients ?? clientNames())} to ${listed(servers ?? serverNames())} ${only === null ? 'crosses a firewall' : isGateway(only) ? `crosses only ${called(only, names)}` : `begins or ends at ${called(only, names)}`}`,
    `Choose another client or server, or put the file elsewhere: ${everyPlace(names)}.`,
  );
}
