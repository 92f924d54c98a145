import { LabError } from '../errors.ts';
import type { MeasureOptions } from '../exposure/measure.ts';
import type { CellResult } from '../model/cell.ts';
import type { Exposure } from '../model/exposure.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { RulesUsed } from '../model/result/rule-use.ts';
import { families } from '../network/family.ts';
import { placesMet, type RulesPlace, rulesPlaces } from '../network/topology.ts';
import { tablesOf } from '../policy/compile.ts';
import { ofIp6tables } from '../policy/nft/table-name.ts';
import { ruleUse } from '../policy/rule-use.ts';
import type { AttemptOptions, Lab } from './lab.ts';
import { loadRules, type NamedRules, putInForce } from './read-rules.ts';
import { attemptAll, controlsFor, type RunOptions, runControls, type WantedCell } from './run-scenarios.ts';

/** What a use case reports about its work on rules. */
export interface Telling {
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** A note on the rules for the reader of the result: the user's word for the rules, and a sentence. */
  readonly onNote?: (word: string, note: string) => void;
  /** A pass of probes is done. Passes beyond `of` are repeated ones. */
  readonly onPass?: (ruleSet: string, done: number, of: number) => void;
}

/**
 * Loads each of the rules in turn, so that one that does not load is known before anything is tried, then runs the
 * controls for the attempts under such rules as are to be judged. Returns the notes on each of the rules, in their order, and why no verdict counts, or `null`.
 * Throws LabError `rule-set-does-not-load`.
 */
export async function loadAndControl(
  lab: Lab,
  rules: readonly NamedRules[],
  attempts: readonly AttemptOptions[],
  { signal, progress, onNote }: Telling,
  judged = rules,
): Promise<{ readonly notes: readonly RulesNote[][]; readonly void: string | null }> {
  const notes: RulesNote[][] = [];
  for (const one of rules) {
    const own = await loadRules(lab, one, attempts);
    notes.push(own);
    for (const note of own) onNote?.(one.word, note.text);
  }
  progress?.('Trying the controls');
  return {
    notes,
    void: await runControls(
      lab,
      attempts,
      signal ? { signal } : {},
      controlsFor(judged.map((one) => one.rules)),
    ),
  };
}

/** The same for callers that need valid verdicts: returns the notes. Throws LabError `run-void` if a control fails. */
export async function loadAndRequireControls(
  ...args: Parameters<typeof loadAndControl>
): Promise<readonly RulesNote[][]> {
  const { notes, void: invalid } = await loadAndControl(...args);
  if (invalid !== null) throw new LabError('environment', 'run-void', invalid, 'Run "ftplab doctor".');
  return notes;
}

/** Cells tried under rules, and what each rule did meanwhile, on every firewall that the cells cross. */
export interface TriedCells {
  readonly cells: CellResult[];
  readonly used: RulesUsed;
}

/** Loads rules, tries cells under them, and finds what each rule did. */
export async function cellsAndRulesUsed(
  lab: Lab,
  rules: NamedRules,
  cells: readonly WantedCell[],
  options: RunOptions & Telling,
): Promise<TriedCells> {
  await putInForce(lab, rules);
  const withRules = rulesPlaces().filter((place) => lab.inForce?.firewalls[place]);
  const met = new Set(cells.flatMap(({ key }) => placesMet(key.client, key.server, withRules)));
  // If a file is for a host, the firewalls let everything pass without a rule.
  const crossed = [...met].filter((place) => usedFiles(lab, place).length > 0);
  const before = await lab.counters(crossed);
  options.progress?.(`Trying ${rules.rules.name}`);
  const tried = await attemptAll(lab, cells, options);
  const after = await lab.counters(crossed);
  const used = crossed.map((name) => [
    name,
    usedFiles(lab, name).flatMap(({ family, tables, called }) =>
      ruleUse(tables, before.get(name)?.[family] ?? '', after.get(name)?.[family] ?? '', family).map(
        (use) => ({
          ...use,
          ...(family === 'ipv6' && { table: `${ofIp6tables}${use.table}` }),
          ...(called !== undefined && { file: called }),
        }),
      ),
    ),
  ]);
  return { cells: tried, used: Object.fromEntries(used) };
}

/** What iptables and ip6tables have loaded at a place that has a rule. */
function usedFiles({ inForce }: Lab, firewall: RulesPlace) {
  const own = inForce?.firewalls[firewall];
  if (!inForce || !own) return [];
  const { rules } = inForce;
  return families
    .map((family) => ({
      family,
      tables: tablesOf(rules, firewall, own, family),
      called: family === 'ipv6' && rules.kind === 'saved' ? rules.saved6?.called : undefined,
    }))
    .filter(({ tables }) => tables.some((table) => table.rules.length > 0));
}

/** Loads rules and tries cells under them. */
export async function cellsUnder(
  lab: Lab,
  rules: NamedRules,
  cells: readonly WantedCell[],
  options: RunOptions & Telling,
): Promise<CellResult[]> {
  await putInForce(lab, rules);
  options.progress?.(`Trying ${rules.rules.name}`);
  return attemptAll(lab, cells, options);
}

/** Measures what the loaded rules let through; with `only`, on the paths about which the rules at that place decide; with `ipv6`, over IPv6 too. */
export function measure(
  lab: Lab,
  { progress, signal, onPass, ipv6 }: Telling & Pick<MeasureOptions, 'ipv6'>,
  only?: RulesPlace,
): Promise<Exposure> {
  const ruleSet = lab.inForce?.rules.name ?? '';
  progress?.(`Measuring the exposure of ${ruleSet}`);
  return lab.measureExposure({
    ...(signal && { signal }),
    ...(only && { only }),
    ipv6,
    progress: (done, of) => onPass?.(ruleSet, done, of),
  });
}
