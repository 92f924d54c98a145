import { toTenths } from '../duration.ts';
import { type Attempt, attemptId, type CellResult } from '../model/cell.ts';
import { countOf, type Exposure } from '../model/exposure.ts';
import type { Fixing, TriedPatch } from '../model/result/fix.ts';
import { type FixStrategy, fixStrategies } from '../model/vocabulary.ts';
import { addressOf } from '../network/address-plan.ts';
import { type FirewallName, passiveRangeOf, portOf } from '../network/topology.ts';
import type { SavedRules } from '../policy/compile.ts';
import { patchOf, withRules } from '../policy/fix/edit-rules.ts';
import { repairsFor } from '../policy/fix/repairs.ts';
import { readSavedFile, readTables, type SavedFile } from '../policy/iptables-save.ts';
import { ruleFinder } from '../policy/rule-lines.ts';
import { compareCells } from '../verdict/comparison.ts';
import { judgeDemands } from '../verdict/demands.ts';
import { exposureChanges } from '../verdict/exposure-comparison.ts';
import type { Lab } from './lab.ts';
import { attemptAll, type RunOptions } from './run-scenarios.ts';
import { measure, type Telling } from './under-rules.ts';

/** The file to mend. */
export interface FileToFix {
  /** The path that the user gave. */
  readonly path: string;
  readonly rules: SavedRules;
}

/** How often a patch may grow: each time it allows what refused the last attempt. */
const mostRounds = 8;

/**
 * Finds the smallest additions to a file under which the needed uploads work, and proves them: tries every cell of
 * `all` before and after, and measures what gets through. Deletes nothing. Throws the LabErrors of loading and
 * measuring.
 */
export async function mendFile(
  lab: Lab,
  { path, rules }: FileToFix,
  { need, forbid = [] }: { readonly need: readonly Attempt[]; readonly forbid?: readonly string[] },
  all: readonly Attempt[],
  telling: Telling = {},
): Promise<Fixing> {
  const start = performance.now();
  const before = rules.saved.text;
  const { signal, progress = () => undefined } = telling;
  const work = { ...(signal && { signal }), evidence: true };
  progress(`Trying ${path} as it is`);
  await lab.load(rules);
  const cells = await attemptAll(lab, wanted(all), work);
  const needed = new Set(need.map(attemptId));
  const failing = cells.filter((cell) => needed.has(attemptId(cell)) && !cell.verdict.uploaded);
  if (failing.length === 0)
    return { before: { cells, exposure: null }, need: [...needed], forbid, patches: [], ms: since(start) };
  const asItIs = { failing, find: await finderFor(lab, rules) };
  const exposure = await measure(lab, telling);
  const patches: TriedPatch[] = [];
  for (const strategy of fixStrategies) {
    progress(`Looking for a patch (${strategy})`);
    const { text } = await patched(lab, rules, need, strategy, asItIs, work);
    if (text === before || patches.some((other) => other.text === text)) continue;
    progress(`Trying every upload under the patch (${strategy})`);
    const after = await attemptAll(lab, wanted(all), work);
    const { unmet, broken } = judgeDemands({ need: [...needed], forbid }, after);
    const lost = compareCells(cells, after).filter(({ sign }) => sign === '-' || sign === '?');
    const later = unmet.length === 0 ? await measure(lab, telling) : null;
    patches.push({
      strategy,
      text,
      patch: patchOf(path, before, text),
      lines: text.split('\n').length - before.split('\n').length,
      cells: after,
      unmet,
      ...(forbid.length > 0 && { broken }),
      lost: [...new Set(lost.map(({ path }) => path))],
      exposure: later,
      opened: later ? portsOpened(exposure, later) : 0,
    });
  }
  return {
    before: { cells, exposure },
    need: [...needed],
    forbid,
    patches: patches.sort(byWorth),
    ms: since(start),
  };
}

/** Cells that fail under a text, and how to find its lines from the rules in force. */
interface Failures {
  readonly failing: readonly CellResult[];
  readonly find: ReturnType<typeof ruleFinder>;
}

async function finderFor(lab: Lab, { firewall, saved }: SavedRules): Promise<Failures['find']> {
  return ruleFinder(saved.tables, readTables(await lab.rulesInForce(firewall)));
}

/** The file with one strategy's additions, which is then loaded; the unchanged file if there are none. */
async function patched(
  lab: Lab,
  asFound: SavedRules,
  need: readonly Attempt[],
  strategy: FixStrategy,
  asItIs: Failures,
  work: RunOptions,
): Promise<SavedFile> {
  let rules = asFound;
  let { failing, find } = asItIs;
  for (let round = 0; round < mostRounds; round++) {
    const repairs = failing.flatMap((cell) => repairsOf(lab, rules.firewall, cell, strategy, find) ?? []);
    const longer = withRules(rules.saved, repairs);
    if (longer === rules.saved.text) break;
    rules = { ...rules, saved: readSavedFile(longer) };
    await lab.load(rules);
    const cells = await attemptAll(lab, wanted(need), work);
    failing = cells.filter(({ verdict }) => !verdict.uploaded);
    if (failing.length === 0) break;
    find = await finderFor(lab, rules);
  }
  return rules.saved;
}

function repairsOf(
  { plan }: Lab,
  firewall: FirewallName,
  { client, server, verdict, evidence }: CellResult,
  strategy: FixStrategy,
  find: ReturnType<typeof ruleFinder>,
): ReturnType<typeof repairsFor> {
  const refused = verdict.packet;
  if (verdict.firewall !== firewall || !refused) return undefined;
  for (const connection of evidence?.connections ?? []) {
    const packet = connection.packets.find(
      (seen) =>
        seen.firewall === firewall &&
        seen.fate === 'refused' &&
        seen.source === refused.source &&
        seen.destination === refused.destination,
    );
    if (!packet) continue;
    const helped = (evidence?.connections ?? []).some(
      ({ purpose, packets }) =>
        purpose === 'control' &&
        packets.some(({ met }) => met.some(({ rule }) => /\bhelper ftp\b/.test(rule ?? ''))),
    );
    return repairsFor(
      {
        client: addressOf(plan, client),
        server: addressOf(plan, server),
        port: portOf(server),
        range: passiveRangeOf(server),
        connection,
        packet,
        helped,
        find,
      },
      strategy,
    );
  }
  return undefined;
}

function wanted(attempts: readonly Attempt[]): { readonly key: Attempt }[] {
  return attempts.map((key) => ({ key }));
}

function portsOpened(before: Exposure, after: Exposure): number {
  return countOf(exposureChanges(before, after).flatMap(({ opened }) => opened));
}

function byWorth(one: TriedPatch, other: TriedPatch): number {
  const worth = ({ unmet, broken = [], lost, opened, lines }: TriedPatch) => [
    unmet.length + broken.length,
    lost.length,
    opened,
    lines,
  ];
  const [a, b] = [worth(one), worth(other)];
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function since(start: number): number {
  return toTenths(performance.now() - start);
}
