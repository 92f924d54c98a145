import { toTenths } from '../duration.ts';
import type { Cause } from '../model/cause.ts';
import { type Attempt, attemptId, type CellResult } from '../model/cell.ts';
import type { ConnectionEvidence } from '../model/evidence.ts';
import { countOf, type Exposure } from '../model/exposure.ts';
import { abuses, bounces } from '../model/pinhole.ts';
import type { Fixing, TriedPatch } from '../model/result/fix.ts';
import { type FixStrategy, fixStrategies } from '../model/vocabulary.ts';
import { addressOf } from '../network/address-plan.ts';
import { type ClientName, isGateway, passiveRangeOf, portOf } from '../network/topology.ts';
import type { FileRules } from '../policy/compile.ts';
import { type FileInForce, type Mendable, mendableSaved } from '../policy/fix/mendable.ts';
import { mendableNft } from '../policy/fix/mendable-nft.ts';
import type { Ground } from '../policy/fix/repair.ts';
import { repairsFor } from '../policy/fix/repairs.ts';
import { compareCells } from '../verdict/comparison.ts';
import { judgeDemands } from '../verdict/demands.ts';
import { exposureChanges } from '../verdict/exposure-comparison.ts';
import { inOrderOfWorth } from '../verdict/worth.ts';
import type { Lab } from './lab.ts';
import { attemptAll, type RunOptions } from './run-scenarios.ts';
import { measure, type Telling } from './under-rules.ts';

/** The file to mend. */
export interface FileToFix {
  /** The path that the user gave. */
  readonly path: string;
  readonly rules: FileRules;
  /** Clients that stand for everybody outside: rules for them name no source. Default: none. */
  readonly anybody?: readonly ClientName[] | undefined;
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
  { need, forbid = [] }: { readonly need: readonly Attempt[]; readonly forbid?: readonly string[] },
  all: readonly Attempt[],
  telling: Telling = {},
): Promise<Fixing> {
  const { path, rules } = file;
  const start = performance.now();
  if (rules.kind === 'both') throw new Error('Two files are not mended at once');
  const asFound = rules.kind === 'nft' ? mendableNft(rules) : mendableSaved(rules);
  const { signal, progress = () => undefined } = telling;
  const work = { ...(signal && { signal }), evidence: true };
  progress(`Trying ${path} as it is`);
  await lab.load(rules);
  const cells = await attemptAll(lab, wanted(all), work);
  const needed = new Set(need.map(attemptId));
  const failing = cells.filter((cell) => needed.has(attemptId(cell)) && !cell.verdict.uploaded);
  if (failing.length === 0)
    return { before: { cells, exposure: null }, need: [...needed], forbid, patches: [], ms: since(start) };
  const asItIs = { failing, inForce: await inForceOf(lab, rules) };
  const exposure = await measure(lab, telling, rules.firewall);
  const patches: TriedPatch[] = [];
  for (const strategy of fixStrategies) {
    // No other can open less.
    if (patches.some(opensNothing)) break;
    progress(`Looking for a patch (${strategy})`);
    const mended = await patched(lab, asFound, file, need, strategy, asItIs, work);
    const patch = mended.patch(path);
    if (patch === '' || patches.some((other) => other.patch === patch)) continue;
    progress(`Trying every upload under the patch (${strategy})`);
    const after = await attemptAll(lab, wanted(all), work);
    const { unmet, broken } = judgeDemands({ need: [...needed], forbid }, after);
    const lost = compareCells(cells, after).filter(({ sign }) => sign === '-' || sign === '?');
    const later = unmet.length === 0 ? await measure(lab, telling, rules.firewall) : null;
    const holes = later ? abuses(later.pinholes).length - abuses(exposure.pinholes).length : 0;
    const configuration = mended.configuration(!isGateway(rules.firewall));
    patches.push({
      strategy,
      text: mended.text,
      patch,
      lines: linesAdded(patch),
      cells: after,
      unmet,
      ...(forbid.length > 0 && { broken }),
      lost: [...new Set(lost.map(({ path }) => path))],
      exposure: later,
      opened: later ? portsOpened(exposure, later) : 0,
      ...(holes > 0 && { holes }),
      ...(configuration && { configuration }),
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

/** How many lines a patch adds, less those that it takes away. */
function linesAdded(patch: string): number {
  const count = (pattern: RegExp) => patch.match(pattern)?.length ?? 0;
  return count(/^\+(?!\+\+ )/gm) - count(/^-(?!-- )/gm);
}

/** Cells that fail under a file, and what is known of its rules in force. */
interface Failures {
  readonly failing: readonly CellResult[];
  readonly inForce: FileInForce;
}

async function inForceOf(lab: Lab, rules: FileRules): Promise<FileInForce> {
  if (rules.kind === 'nft') return { nft: lab.inForce?.nft, find: () => undefined };
  return { find: await lab.ruleFinder(rules) };
}

/** The file with one strategy's additions, each of which is needed; it is in force then. The unchanged file if there are none. */
async function patched(
  lab: Lab,
  asFound: Mendable,
  file: FileToFix,
  need: readonly Attempt[],
  strategy: FixStrategy,
  asItIs: Failures,
  work: RunOptions,
): Promise<Mendable> {
  let mended = asFound;
  let { failing, inForce } = asItIs;
  for (let round = 0; round < mostRounds; round++) {
    const ground = mended.ground(inForce);
    const repairs = failing.flatMap((cell) => repairsOf(lab, file, cell, strategy, ground) ?? []);
    const longer = mended.with(repairs, inForce);
    if (longer.patch(file.path) === mended.patch(file.path)) break;
    mended = longer;
    failing = await failingUnder(lab, mended, need, work);
    if (failing.length === 0) return withoutNeedless(lab, mended, need, work);
    inForce = await inForceOf(lab, mended.rules);
  }
  return mended;
}

async function failingUnder(lab: Lab, { rules }: Mendable, need: readonly Attempt[], work: RunOptions) {
  await lab.load(rules);
  const cells = await attemptAll(lab, wanted(need), work);
  return cells.filter(({ verdict }) => !verdict.uploaded);
}

/** Leaves out each added rule without which the needed uploads work as well. What is returned is in force. */
async function withoutNeedless(
  lab: Lab,
  mended: Mendable,
  need: readonly Attempt[],
  work: RunOptions,
): Promise<Mendable> {
  if (mended.added < 2) return mended;
  let kept = mended;
  // From the end, so that the numbers of the others stay true.
  for (let index = mended.added - 1; index >= 0; index--) {
    const shorter = kept.without(index);
    if ((await failingUnder(lab, shorter, need, work)).length === 0) kept = shorter;
  }
  await lab.load(kept.rules);
  return kept;
}

function repairsOf(
  lab: Lab,
  { rules: { firewall }, anybody = [] }: Omit<FileToFix, 'path'>,
  cell: CellResult,
  strategy: FixStrategy,
  ground: Ground,
): ReturnType<typeof repairsFor> {
  const { plan } = lab;
  const { client, server, tls, ipv6, verdict, evidence } = cell;
  const family = ipv6 ? 'ipv6' : 'ipv4';
  const connections = evidence?.connections ?? [];
  const seenHere = ({ packets }: ConnectionEvidence) => packets.filter((seen) => seen.firewall === firewall);
  const refused = connections
    .flatMap((connection) => seenHere(connection).map((packet) => ({ connection, packet })))
    .find(
      ({ packet }) =>
        packet.fate === 'refused' &&
        packet.source === verdict.packet?.source &&
        packet.destination === verdict.packet.destination,
    );
  const mendable = verdict.firewall === firewall ? refused !== undefined : unhelped.includes(verdict.cause);
  const published = lab.publishedAt(client, server);
  if (!mendable) return undefined;
  return repairsFor(
    {
      ground,
      client: anybody.includes(client) ? null : addressOf(plan, client, family),
      published,
      server: addressOf(plan, server, family),
      port: portOf(server),
      entrance: firewall === client ? 'OUTPUT' : 'PREROUTING',
      range: passiveRangeOf(server),
      tls,
      control: connections.filter(({ purpose }) => purpose === 'control').flatMap(seenHere),
      refused: refused ?? null,
    },
    strategy,
  );
}

/** Causes of a client or server that an FTP helper on a firewall with address translation removes. */
const unhelped: readonly Cause[] = ['port-command-refused', 'pasv-address-rejected-by-client'];

function wanted(attempts: readonly Attempt[]): { readonly key: Attempt }[] {
  return attempts.map((key) => ({ key }));
}

function portsOpened(before: Exposure, after: Exposure): number {
  return countOf(exposureChanges(before, after).flatMap(({ opened }) => opened));
}

function opensNothing({ unmet, broken = [], lost, opened, exposure }: TriedPatch): boolean {
  return unmet.length + broken.length + lost.length + opened + bounces(exposure?.pinholes ?? []).length === 0;
}

function byWorth(one: TriedPatch, other: TriedPatch): number {
  const worth = ({ unmet, broken = [], lost, holes = 0, ...rest }: TriedPatch) => ({
    unmet: unmet.length + broken.length,
    lost: lost.length,
    bounces: rest.exposure ? bounces(rest.exposure.pinholes).length : 0,
    holes,
    ...rest,
  });
  return inOrderOfWorth(worth(one), worth(other));
}

function since(start: number): number {
  return toTenths(performance.now() - start);
}
