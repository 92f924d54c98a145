import pLimit, { type LimitFunction } from 'p-limit';
import { hostControls } from '../../scenarios/host-controls.ts';
import { isOfHost } from '../attempt/agent-connection.ts';
import { LabError } from '../errors.ts';
import { isPassive } from '../model/attempt.ts';
import type { CellResult, Expectation } from '../model/cell.ts';
import { called, idCalled, type Names } from '../model/names.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { RulesUsed } from '../model/result/rule-use.ts';
import type { SkippedScenario } from '../model/run-result.ts';
import { cellsOf, type Scenario, withCells } from '../model/scenario.ts';
import { isGateway } from '../network/topology.ts';
import { hostsWithRules, isOfFile, type Rules } from '../policy/compile.ts';
import { repeated } from '../verdict/repeated.ts';
import { knownScenarios } from './known-scenarios.ts';
import type { AttemptOptions, AttemptSettings, Lab } from './lab.ts';
import { nothingKnown } from './nothing-known.ts';

export interface RunOptions extends AttemptSettings {
  readonly onCell?: (cell: CellResult) => void;
  readonly signal?: AbortSignal;
  /** Whether cells carry the evidence of their verdicts, about 20 KB each. Default false. */
  readonly evidence?: boolean;
}

/** Results of a run, in the order of the scenarios and their cells. */
export interface ScenarioResults {
  readonly cells: readonly CellResult[];
  /** Why no verdict of this run counts, or `null`. */
  readonly void: string | null;
  /** Notes on the rules for the reader of the verdicts, one sentence each. Default: none. */
  readonly notes?: readonly RulesNote[];
  /** What the rules did, if it is known and all cells have the same. */
  readonly used?: RulesUsed;
  /** Scenarios whose rules this kernel cannot load. */
  readonly skipped: readonly SkippedScenario[];
}

/** Cells attempted at the same time. More than the number of cores gains little: a cell is mostly computing. */
const parallelCells = 4;

/** The same if clients wait, which costs only time. */
const parallelPatientCells = 16;

/** A cell that takes longer than this waits, for TCP to send something again, in milliseconds. */
const waitsAfter = 800;

/**
 * Runs scenarios one after another, the cells of each in parallel. Controls come first, for every cell that is tried:
 * those among `scenarios` with their results, the others only to find out whether the verdicts count. A scenario whose
 * rules this kernel cannot load is skipped. Throws LabError, or the abort reason.
 */
export async function runScenarios(
  lab: Lab,
  scenarios: readonly Scenario<Expectation | null>[],
  options: RunOptions = {},
): Promise<ScenarioResults> {
  const byName = new Map<string, CellResult[]>();
  const skipped: SkippedScenario[] = [];
  const attempts = scenarios.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key));
  // A control that only other programs run, without expectations, controls nothing.
  const controlling = scenarios.filter((scenario) => cellsOf(scenario).some(({ expected }) => expected));
  const others = knownScenarios().filter(({ name }) =>
    controlling.every((scenario) => scenario.name !== name),
  );
  let invalid = await runControls(lab, attempts, options, others);
  for (const host of new Set(controlling.flatMap(({ ruleSet }) => hostsWithRules(ruleSet)))) {
    const decided = controlling.filter(({ ruleSet }) => hostsWithRules(ruleSet).includes(host));
    const keys = decided.flatMap((scenario) => cellsOf(scenario).map(({ key }) => key));
    invalid ??= await runControls(lab, keys, options, hostControls(host));
  }
  for (const scenario of [...scenarios].sort((a, b) => Number(!a.control) - Number(!b.control))) {
    const results = await runScenario(lab, scenario, options).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.code !== 'rule-set-does-not-load') throw error;
      skipped.push({ name: scenario.name, reason: error.message });
      return [];
    });
    byName.set(scenario.name, results);
    invalid ??= controlFailure(scenario, results, lab.names);
  }
  return { cells: scenarios.flatMap(({ name }) => byName.get(name) ?? []), void: invalid, skipped };
}

/** Runs the controls for the given attempts. Returns why no verdict on them counts, or `null`. */
export async function runControls(
  lab: Lab,
  attempts: readonly AttemptOptions[],
  { signal }: RunOptions = {},
  controls: readonly Scenario[] = knownScenarios(),
): Promise<string | null> {
  const wanted = new Set(attempts.map(pathOf));
  let invalid: string | null = null;
  for (const control of controls) {
    const cells = cellsOf(control).filter(({ key }) => wanted.has(pathOf(key)));
    if (!control.control || cells.length === 0) continue;
    const results = await runScenario(lab, withCells(control, cells), signal ? { signal } : {});
    invalid ??= controlFailure(control, results, lab.names);
  }
  return invalid;
}

/**
 * The controls for verdicts about rules: those of the lab, and those of each host whose own firewall decides, which for a file are the
 * only ones.
 */
export function controlsFor(rules: readonly Rules[]): readonly Scenario[] {
  const hosts = [...new Set(rules.flatMap(hostsWithRules))];
  const ofLab = rules.length === 0 || rules.some((one) => !isOfFile(one) || isGateway(one.firewall));
  return [...(ofLab ? knownScenarios() : []), ...hosts.flatMap(hostControls)];
}

/** Runs one scenario, without the controls. If a firewall does not take the rules, nothing is known of its cells. */
export async function runScenario(
  lab: Lab,
  scenario: Scenario<Expectation | null>,
  options: RunOptions = {},
): Promise<CellResult[]> {
  options.signal?.throwIfAborted();
  const cells = cellsOf(scenario);
  try {
    await lab.load(scenario.ruleSet);
  } catch (error) {
    if (!isOfHost(error)) throw error;
    // A firewall that stands still ends the cells of these rules, not the run.
    return cells.map(({ key, expected }) => {
      const cell = nothingKnown(scenario.name, key, expected ?? null, error);
      options.onCell?.(cell);
      return cell;
    });
  }
  return attemptAll(lab, cells, options, (cell) => checkedByControl(scenario, cell, lab.names));
}

/** What a control covers: client, server and mode, whatever the program. Over IPv6 only EPSV and EPRT can work. */
function pathOf({ client, server, mode, ipv6, named }: AttemptOptions): string {
  return ipv6 || named
    ? `${client}/${server}/${isPassive(mode) ? 'epsv' : 'eprt'}/ipv6`
    : `${client}/${server}/${mode}`;
}

/** What to attempt, and the expected result, if any. */
export interface WantedCell {
  readonly key: AttemptOptions;
  readonly expected?: Expectation | null;
  /** How often to attempt it. Default: once. */
  readonly repeat?: number;
}

/**
 * Makes attempts under the loaded rules, several at a time unless the rules' decisions depend on earlier attempts.
 * Results are in the order of `cells`; each is passed to `check` first.
 */
export async function attemptAll(
  lab: Lab,
  cells: readonly WantedCell[],
  { onCell, signal, evidence = false, patience, onCapture, onWait, counters }: RunOptions = {},
  check: (cell: CellResult) => CellResult = (cell) => cell,
): Promise<CellResult[]> {
  const parallel = patience === undefined ? parallelCells : parallelPatientCells;
  const alone = lab.remembers || counters === true;
  const limit = pLimit(alone ? 1 : parallel);
  const attempts = cells.map(({ key, expected, repeat = 1 }) =>
    limit(async () => {
      const results: CellResult[] = [];
      for (let made = 0; made < repeat; made++) {
        signal?.throwIfAborted();
        const attempt = lab.attempt(key, expected, { patience, onCapture, onWait, counters });
        results.push(kept(await (alone ? attempt : besideOthers(attempt, limit)), evidence));
      }
      const cell = check(repeated(results));
      onCell?.(cell);
      return cell;
    }),
  );
  // If one throws, waits for the others too: the rules must not change under running attempts.
  await Promise.allSettled(attempts);
  return Promise.all(attempts);
}

/** Lets another cell begin while one waits. */
async function besideOthers(attempt: Promise<CellResult>, limit: LimitFunction): Promise<CellResult> {
  let waits = false;
  const timer = setTimeout(() => {
    waits = limit.concurrency < parallelPatientCells;
    if (waits) limit.concurrency++;
  }, waitsAfter);
  return attempt.finally(() => {
    clearTimeout(timer);
    if (waits) limit.concurrency--;
  });
}

function kept(cell: CellResult, evidence: boolean): CellResult {
  if (evidence) return cell;
  const { evidence: _evidence, ...rest } = cell;
  return rest;
}

/** Whatever gets through under a closed control has bypassed the firewalls. */
function checkedByControl(
  scenario: Scenario<Expectation | null>,
  cell: CellResult,
  names: Names,
): CellResult {
  const passed = cell.steps.some((step) => step.outcome === 'ok');
  if (scenario.control !== 'closed' || !passed) return cell;
  const sentence = `${called(cell.client, names)} reached ${called(cell.server, names)} although every rule denies it: traffic bypasses the firewalls.`;
  return { ...cell, asExpected: false, verdict: { ...cell.verdict, cause: 'lab-bypassed', sentence } };
}

function controlFailure(
  scenario: Scenario<Expectation | null>,
  results: readonly CellResult[],
  names: Names,
): string | null {
  const failed = scenario.control && results.find((cell) => cell.asExpected === false);
  if (!failed) return null;
  return `the control ${scenario.name} failed (${idCalled(failed.id, names)}: ${failed.verdict.sentence}), so no verdict of this run counts`;
}
