import { isDeepStrictEqual } from 'node:util';
import { toTenths } from '../duration.ts';
import { LabError } from '../errors.ts';
import { list } from '../list.ts';
import { commonOrigin, headed } from './origin.ts';
import type { ExposureResult } from './result/exposure.ts';
import type { RunResult, Setting } from './result/run.ts';

/** A run, and the file that its document came from. */
export interface NamedRun {
  readonly file: string;
  readonly run: RunResult;
}

/**
 * Merges several runs into one: shards of a run in their order, however they are given; other runs one after another.
 * Times are summed, so they are machine time. Throws LabError `usage` if a shard is missing or a cell occurs twice,
 * because the result would claim more than was tried. A cell that a run lists as missing and no run tried is missing. `measured`: exposures to add to those of the runs.
 */
export function mergeRuns(runs: readonly NamedRun[], measured: readonly ExposureResult[] = []): RunResult {
  const ordered = runs.some(({ run }) => run.summary.shard) ? inShardOrder(runs) : runs;
  refuseTwice(ordered);
  const cells = ordered.flatMap(({ run }) => run.cells);
  const skipped = ordered.flatMap(({ run }) => run.summary.skipped);
  if (cells.length === 0 && skipped.length === 0)
    throw new LabError(
      'usage',
      'no-cells',
      `Nothing was tried: no cell is in ${list(runs.map(({ file }) => file))}`,
    );
  refuseOtherNames([...ordered, ...measured.map((run) => ({ file: `the exposure of ${run.ruleSet}`, run }))]);
  const sum = (of: (run: RunResult) => number) =>
    toTenths(ordered.reduce((total, { run }) => total + of(run), 0));
  const reasons = ordered.flatMap(({ file, run }) =>
    run.summary.void === null
      ? []
      : [ordered.length === 1 ? run.summary.void : `${file}: ${run.summary.void}`],
  );
  const setting = commonSetting(ordered.map(({ run }) => run));
  const tried = new Set(cells.map(({ id }) => id));
  const planned = new Set(ordered.flatMap(({ run }) => run.summary.missing ?? []));
  const missing = [...planned].filter((id) => !tried.has(id));
  const demands = ordered.flatMap(({ run }) => run.summary.demands ?? []);
  const asked = (of: 'need' | 'forbid' | 'unmet' | 'broken') => [
    ...new Set(demands.flatMap((one) => one[of])),
  ];
  const exposures = [
    ...ordered.flatMap(({ run }) => run.exposures ?? []),
    ...measured.map(({ ruleSet, lines, pinholes, packetTooBig, summary }) => ({
      ...{ ruleSet, lines, pinholes, summary },
      ...(packetTooBig && { packetTooBig }),
    })),
  ];
  const twice = exposures.find(({ ruleSet }, index) =>
    exposures.slice(0, index).some((earlier) => earlier.ruleSet === ruleSet),
  );
  if (twice) throw cannot(`there are two exposures of ${twice.ruleSet}`);
  return {
    ...headed('run', commonOrigin([...ordered.map(({ run }) => run), ...measured])),
    cells,
    ...(setting && { setting }),
    ...(exposures.length > 0 && { exposures }),
    summary: {
      cells: cells.length,
      asExpected: cells.filter(({ asExpected }) => asExpected === true).length,
      ms: sum(({ summary }) => summary.ms),
      skipped: [...new Map(skipped.map((one) => [one.name, one])).values()],
      void: reasons.length === 0 ? null : reasons.join('; '),
      ...(demands.length > 0 && {
        demands: {
          need: asked('need'),
          forbid: asked('forbid'),
          unmet: asked('unmet'),
          broken: asked('broken'),
        },
      }),
      ...(missing.length > 0 && { missing }),
      phases: {
        up: sum(({ summary }) => summary.phases.up),
        cells: sum(({ summary }) => summary.phases.cells),
        down: sum(({ summary }) => summary.phases.down),
      },
    },
  };
}

/** One setting for all; a rule set divided among shards counts once. What differs because of addresses is left out. */
export function commonSetting(runs: readonly Pick<RunResult, 'setting'>[]): Setting | undefined {
  const settings = runs.flatMap(({ setting }) => setting ?? []);
  const [first] = settings;
  if (!first) return undefined;
  const ruleSets = new Map<string, Setting['ruleSets'][number]>();
  for (const ruleSet of settings.flatMap((setting) => setting.ruleSets)) {
    const former = ruleSets.get(ruleSet.name);
    const { firewalls } = former ?? ruleSet;
    const same = isDeepStrictEqual(firewalls, ruleSet.firewalls);
    // What rules did in one part of a run says nothing about the others.
    const { used, ...rest } = ruleSet;
    ruleSets.set(ruleSet.name, {
      ...rest,
      ...(!former && used && { used }),
      firewalls: same ? firewalls : null,
    });
  }
  const samePlan =
    settings.length === runs.length && settings.every(({ plan }) => isDeepStrictEqual(plan, first.plan));
  const all = settings.flatMap((setting) => setting.notes ?? []);
  const notes = [...new Map(all.map((note) => [note.text, note])).values()];
  return { plan: samePlan ? first.plan : null, notes, ruleSets: [...ruleSets.values()] };
}

function inShardOrder(runs: readonly NamedRun[]): NamedRun[] {
  const sharded = runs.map(({ file, run }) => {
    const { shard } = run.summary;
    if (!shard) throw cannot(`${file} is not a shard, but the others are`);
    return { file, run, shard };
  });
  const count = sharded[0]?.shard.count ?? 0;
  const other = sharded.find(({ shard }) => shard.count !== count);
  if (other)
    throw cannot(`${other.file} is shard ${other.shard.index}/${other.shard.count}, others are of ${count}`);
  // A document may claim any count: make no list of that length.
  if (count > runs.length + 100)
    throw cannot(
      `they are ${runs.length} of ${count} shards, so at least ${count - runs.length} are missing`,
    );
  const wanted = Array.from({ length: count }, (_, index) => index + 1);
  const missing = wanted.filter((index) => sharded.every(({ shard }) => shard.index !== index));
  if (missing.length > 0)
    throw cannot(
      `${missing.map((index) => `${index}/${count}`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  return sharded.sort((a, b) => a.shard.index - b.shard.index);
}

function refuseTwice(runs: readonly NamedRun[]): void {
  const seen = new Map<string, string>();
  for (const { file, run } of runs)
    for (const { id } of run.cells) {
      const earlier = seen.get(id);
      if (earlier !== undefined) throw cannot(`${id} is both in ${earlier} and in ${file}`);
      seen.set(id, file);
    }
}

/** A merged result has one table of names, and sentences have them already. */
function refuseOtherNames(
  results: readonly { readonly file: string; readonly run: Pick<RunResult, 'names'> }[],
): void {
  const [first, ...others] = results;
  const other = others.find(({ run }) => !isDeepStrictEqual(run.names ?? {}, first?.run.names ?? {}));
  if (other) throw cannot(`${first?.file} and ${other.file} do not call the hosts alike`);
}

function cannot(why: string): LabError {
  return new LabError('usage', 'cannot-merge', `These results cannot be merged: ${why}`);
}
