import { toTenths } from '../duration.ts';
import { type Attempt, attemptId, type CellResult } from '../model/cell.ts';
import { countOf, type Exposure } from '../model/exposure.ts';
import type { Fixing, TriedPatch } from '../model/result/fix.ts';
import { type FixStrategy, fixStrategies } from '../model/vocabulary.ts';
import { addressOf } from '../network/address-plan.ts';
import { type FirewallName, passiveRangeOf, portOf } from '../network/topology.ts';
import { patchOf, withRules } from '../policy/fix/edit-rules.ts';
import { repairsFor } from '../policy/fix/repairs.ts';
import { parseIptablesSave, readTables } from '../policy/iptables-save.ts';
import { ruleFinder } from '../policy/rule-lines.ts';
import { compareCells } from '../verdict/comparison.ts';
import { exposureChanges } from '../verdict/exposure-comparison.ts';
import type { CompiledRules, Lab } from './lab.ts';
import { attemptAll, type RunOptions } from './run-scenarios.ts';
import { measure, type Telling } from './under-rules.ts';

/** The file to mend: its text, and the rules that it was loaded as. */
export interface FileToFix {
  /** The path that the user gave. */
  readonly path: string;
  readonly text: string;
  readonly firewall: FirewallName;
  readonly rules: CompiledRules;
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
  file: FileToFix,
  need: readonly Attempt[],
  all: readonly Attempt[],
  telling: Telling = {},
): Promise<Fixing> {
  const start = performance.now();
  const { signal, progress = () => undefined } = telling;
  const work = { ...(signal && { signal }), evidence: true };
  progress(`Trying ${file.path} as it is`);
  await lab.load(file.rules);
  const cells = await attemptAll(lab, wanted(all), work);
  const needed = new Set(need.map(attemptId));
  const failing = cells.filter((cell) => needed.has(attemptId(cell)) && !cell.verdict.uploaded);
  if (failing.length === 0)
    return { before: { cells, exposure: null }, need: [...needed], patches: [], ms: since(start) };
  const asItIs = { failing, find: await finderFor(lab, file.firewall, file.text) };
  const exposure = await measure(lab, telling);
  const patches: TriedPatch[] = [];
  for (const strategy of fixStrategies) {
    progress(`Looking for a patch (${strategy})`);
    const text = await patched(lab, file, need, strategy, asItIs, work);
    if (text === file.text || patches.some((other) => other.text === text)) continue;
    progress(`Trying every upload under the patch (${strategy})`);
    const after = await attemptAll(lab, wanted(all), work);
    const unmet = after
      .filter((cell) => needed.has(attemptId(cell)) && !cell.verdict.uploaded)
      .map(attemptId);
    const lost = compareCells(cells, after).filter(({ sign }) => sign === '-' || sign === '?');
    const later = unmet.length === 0 ? await measure(lab, telling) : null;
    patches.push({
      strategy,
      text,
      patch: patchOf(file.path, file.text, text),
      lines: text.split('\n').length - file.text.split('\n').length,
      cells: after,
      unmet,
      lost: [...new Set(lost.map(({ path }) => path))],
      exposure: later,
      opened: later ? portsOpened(exposure, later) : 0,
    });
  }
  return {
    before: { cells, exposure },
    need: [...needed],
    patches: patches.sort(byWorth),
    ms: since(start),
  };
}

/** Cells that fail under a text, and how to find its lines from the rules in force. */
interface Failures {
  readonly failing: readonly CellResult[];
  readonly find: ReturnType<typeof ruleFinder>;
}

async function finderFor(lab: Lab, firewall: FirewallName, text: string): Promise<Failures['find']> {
  return ruleFinder(readTables(text), readTables(await lab.rulesInForce(firewall)));
}

/** The file's text with one strategy's additions, which is then loaded; the unchanged text if there are none. */
async function patched(
  lab: Lab,
  file: FileToFix,
  need: readonly Attempt[],
  strategy: FixStrategy,
  asItIs: Failures,
  work: RunOptions,
): Promise<string> {
  let { text } = file;
  let { failing, find } = asItIs;
  for (let round = 0; round < mostRounds; round++) {
    const repairs = failing.flatMap((cell) => repairsOf(lab, file.firewall, cell, strategy, find) ?? []);
    const longer = withRules(text, repairs);
    if (longer === text) break;
    text = longer;
    await lab.load(withText(file, text));
    const cells = await attemptAll(lab, wanted(need), work);
    failing = cells.filter(({ verdict }) => !verdict.uploaded);
    if (failing.length === 0) break;
    find = await finderFor(lab, file.firewall, text);
  }
  return text;
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

function withText({ rules, firewall }: FileToFix, text: string): CompiledRules {
  const own = { ...rules.firewalls[firewall], iptables: parseIptablesSave(text).iptables };
  return { ...rules, firewalls: { ...rules.firewalls, [firewall]: own } };
}

function wanted(attempts: readonly Attempt[]): { readonly key: Attempt }[] {
  return attempts.map((key) => ({ key }));
}

function portsOpened(before: Exposure, after: Exposure): number {
  return countOf(exposureChanges(before, after).flatMap(({ opened }) => opened));
}

function byWorth(one: TriedPatch, other: TriedPatch): number {
  const worth = ({ unmet, lost, opened, lines }: TriedPatch) => [unmet.length, lost.length, opened, lines];
  const [a, b] = [worth(one), worth(other)];
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function since(start: number): number {
  return toTenths(performance.now() - start);
}
