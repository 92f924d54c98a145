import { toTenths } from '../duration.ts';
import { lacksIPv6 } from '../engine/ipv6.ts';
import { LabError } from '../errors.ts';
import { type CellKey, type CellResult, cellId, type Expectation, familiesOf } from '../model/cell.ts';
import { type DriverWord, driversOf, refuseUnable } from '../model/drivers.ts';
import type { Names } from '../model/names.ts';
import { headed } from '../model/origin.ts';
import type { ScenariosResult } from '../model/result/scenarios.ts';
import type { RunResult } from '../model/run-result.ts';
import { cellsOf, type Scenario, withCells, withPrograms } from '../model/scenario.ts';
import { type Shard, shardOf } from '../model/shard.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { RulesFile } from './file-of-rules.ts';
import { type Conditions, inLab, type Phases } from './in-lab.ts';
import { knownScenarios } from './known-scenarios.ts';
import type { InForce, Lab } from './lab.ts';
import { originIn, originOf } from './origin-of.ts';
import type { RunOptions, ScenarioResults } from './run-scenarios.ts';
import { selectCells } from './select-cells.ts';
import { runInLabs } from './two-labs.ts';

/** Which cells of which scenarios. Default: all shipped ones. */
export interface Selection {
  /** As {@link selectCells} takes them. */
  readonly patterns?: readonly string[];
  /** Made by these programs instead of those that the scenarios name. */
  readonly drivers?: readonly DriverWord[] | undefined;
  /** The same over explicit FTPS. */
  readonly tls?: boolean | undefined;
  /** The same by IPv6. */
  readonly ipv6?: true | undefined;
  readonly shard?: Shard | undefined;
  readonly scenarios?: readonly Scenario[];
  /** What hosts are called in patterns as well. */
  readonly names?: Names | undefined;
}

/** What a run reports about its work, in addition to finished cells. */
export interface RunConditions extends Conditions, RunOptions {
  /** The planned cells. */
  readonly onPlanned?: (cells: readonly CellKey[]) => void;
  /** Every cell was tried; the lab will be taken down next. */
  readonly onTried?: (run: TriedRun) => void;
}

/** A run before its lab is taken down. */
export type TriedRun = Omit<RunResult, 'summary'>;

export interface RunRequest extends Selection, RunConditions {}

/** Runs scenarios in a lab and compares the results with the expected ones. Throws LabError, or the signal's reason. */
export function run(request: RunRequest = {}): Promise<RunResult> {
  return preparedRun(request)(request);
}

/** {@link run} in two steps: chooses the cells, and returns what tries them. Throws LabError `usage`. */
export function preparedRun(selection: Selection): (conditions: RunConditions) => Promise<RunResult> {
  const chosen = selectScenarios(selection);
  return (conditions) => runChosen(chosen, conditions, selection.shard);
}

/** The scenarios with the chosen cells, as a list. Throws what {@link selectScenarios} throws. */
export function listScenarios(selection: Selection): ScenariosResult {
  const listed = selectScenarios(selection).map((scenario) => ({
    name: scenario.name,
    question: scenario.question,
    cells: cellsOf(scenario).length,
  }));
  return { ...headed('scenarios', originOf(null)), scenarios: listed };
}

/** Runs these scenarios, which may be parts of the shipped ones; those of them that the lab cannot try are skipped. */
export function runChosen(
  wanted: readonly Scenario<Expectation | null>[],
  conditions: RunConditions,
  shard?: Shard,
): Promise<RunResult> {
  const { chosen, skipped } = lacksIPv6() ? withoutIPv6(wanted) : { chosen: wanted, skipped: [] };
  const about = new Map(
    chosen.map(({ ruleSet, question, stages }) => [ruleSet.name, { question, staged: Boolean(stages) }]),
  );
  return runInLab(
    {
      cells: chosen.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key)),
      about: (ruleSet) => about.get(ruleSet) ?? nothingAbout,
      ...(shard && { shard }),
    },
    conditions,
    async (lab, _options, optionsIn) => {
      const results = await runInLabs(lab, chosen, optionsIn, conditions);
      return { ...results, skipped: [...results.skipped, ...skipped] };
    },
  );
}

/** Scenarios without their uploads by IPv6, and a word on those that have some. */
function withoutIPv6(scenarios: readonly Scenario<Expectation | null>[]) {
  const parts = scenarios.map((scenario) => {
    const cells = cellsOf(scenario);
    const left = cells.filter(({ key }) => !familiesOf(key).includes('ipv6'));
    return { scenario: withCells(scenario, left), left: left.length, lost: cells.length - left.length };
  });
  const lost = parts.reduce((sum, part) => sum + part.lost, 0);
  const reason = `${lost} ${lost === 1 ? 'upload' : 'uploads'} by IPv6, which the kernel that runs the lab does not have`;
  return {
    chosen: parts.filter(({ left }) => left > 0).map(({ scenario }) => scenario),
    skipped: lost > 0 ? [{ name: 'IPv6', reason }] : [],
  };
}

/** The scenarios with the chosen cells. Throws LabError `no-match` or `empty-shard`. */
export function selectScenarios({
  patterns = [],
  drivers,
  tls = false,
  ipv6,
  shard,
  scenarios = knownScenarios(),
  names,
}: Selection): Scenario<Expectation | null>[] {
  refuseUnable(drivers ?? [], undefined, tls);
  const programs = { drivers: driversOf(drivers), tls, ...(ipv6 && { ipv6 }) };
  const offered: readonly Scenario<Expectation | null>[] =
    drivers !== undefined || tls || ipv6
      ? scenarios.map((scenario) => withPrograms(scenario, programs)).filter(({ cells }) => cells.length > 0)
      : scenarios;
  const all = selectCells(offered, patterns, names);
  const selected = shard ? shardOf(all, shard) : all;
  if (selected.length > 0) return selected;
  throw new LabError(
    'usage',
    'empty-shard',
    'This shard has no cells: there are more shards than cells',
    'Use fewer shards.',
  );
}

/** What to try, and what is known about the rule sets beforehand. */
interface Intent {
  readonly cells: readonly CellKey[];
  readonly about: (ruleSet: string) => { readonly question: string | null; readonly staged: boolean };
  /** Which part of a run this is, if not the whole. */
  readonly shard?: Shard;
  /** The rules of files that the cells are tried under. */
  readonly rules?: readonly RulesFile[];
}

/** Notes on rule sets that answer no question. */
export const nothingAbout = { question: null, staged: false };

/**
 * Does the work in a lab, and combines its results into the result of a run. If the signal aborts after the first cell, the
 * result has the cells that were tried until then, and names the missing ones. Throws what bringing the lab up and the work throw.
 */
export async function runInLab(
  { cells: planned, about, shard, rules = [] }: Intent,
  {
    onPlanned,
    onTried,
    onCell,
    evidence,
    patience,
    onCapture,
    onWait,
    counters,
    ...conditions
  }: RunConditions,
  work: (lab: Lab, options: RunOptions, optionsIn: (lab: Lab) => RunOptions) => Promise<ScenarioResults>,
): Promise<RunResult> {
  const { signal } = conditions;
  const rulesOf = new Map<string, InForce>();
  const came: CellResult[] = [];
  const optionsIn = (lab: Lab): RunOptions => ({
    onCell: (cell) => {
      // What comes later was tried in a lab that is being taken down.
      if (signal?.aborted) return;
      if (lab.inForce) rulesOf.set(cell.ruleSet, lab.inForce);
      came.push(cell);
      onCell?.(cell);
    },
    ...(signal && { signal }),
    evidence: evidence === true,
    patience,
    onCapture,
    onWait,
    counters,
  });
  onPlanned?.(planned);
  const start = performance.now();
  let standing: { readonly lab: Lab; readonly at: number } | undefined;
  const told = (lab: Lab, results: ScenarioResults) => {
    const tried: TriedRun = {
      ...headed('run', originIn(lab, rules)),
      cells: results.cells,
      setting: settingOf(lab.plan, results, rulesOf, about),
    };
    onTried?.(tried);
    return { results, tried };
  };
  const cutShort = (error: unknown): { result: ReturnType<typeof told>; phases: Phases } => {
    if (!standing || came.length === 0 || !signal?.aborted || error !== signal.reason) throw error;
    const { lab, at } = standing;
    const notes = rules.flatMap((one) => one.notes(lab, planned));
    const phases = { up: at - start, work: performance.now() - at, down: 0 };
    return { result: told(lab, { cells: came, void: null, notes, skipped: [] }), phases };
  };
  const { result, phases } = await inLab(conditions, async (lab) => {
    standing = { lab, at: performance.now() };
    return told(lab, await work(lab, optionsIn(lab), optionsIn));
  }).catch(cutShort);
  const { results, tried } = result;
  const { up, work: cells, down } = phases;
  const found = new Set(came.map(({ id }) => id));
  const missing = signal?.aborted ? planned.map(cellId).filter((id) => !found.has(id)) : [];
  return {
    ...tried,
    summary: {
      cells: results.cells.length,
      asExpected: results.cells.filter((cell) => cell.asExpected === true).length,
      ms: toTenths(up + cells + down),
      void: results.void,
      skipped: results.skipped,
      ...(shard && { shard }),
      ...(missing.length > 0 && { missing }),
      phases: { up: toTenths(up), cells: toTenths(cells), down: toTenths(down) },
    },
  };
}

/** What the cells were tried under. */
function settingOf(
  plan: AddressPlan,
  { cells, notes = [], used }: ScenarioResults,
  rulesOf: ReadonlyMap<string, InForce>,
  about: Intent['about'],
): NonNullable<RunResult['setting']> {
  const names = [...new Set(cells.map(({ ruleSet }) => ruleSet))];
  return {
    plan,
    notes,
    ruleSets: names.flatMap((name) => {
      const rules = rulesOf.get(name);
      return rules ? [{ name, ...about(name), firewalls: rules.firewalls, ...(used && { used }) }] : [];
    }),
  };
}
