import { duration } from '../../duration.ts';
import { idCalled, type Names } from '../../model/names.ts';
import type { RunResult, SkippedScenario } from '../../model/run-result.ts';
import { reachOf } from '../reach.ts';
import { demandsText } from './demands.ts';
import { colorsOf, type Style } from './style.ts';
import { sparedWaits } from './waits.ts';
import { wrap } from './wrap.ts';

/** The last lines of a run: how many cells came out as expected, why the run is void if it is, and the times. */
export function summary(run: RunResult, style: Style): string {
  const colors = colorsOf(style);
  const lines: string[] = [];
  if (run.summary.void !== null)
    lines.push(colors.bold(colors.red(wrap(`VOID: ${run.summary.void}`, style.width, '  '))));
  if (run.summary.missing)
    lines.push(colors.yellow(wrap(cutShortInWords(run.summary.missing, style.names), style.width, '  ')));
  for (const skipped of run.summary.skipped)
    lines.push(colors.yellow(wrap(skippedInWords(skipped), style.width, '  ')));
  lines.push(wrap(`${counts(run)}.`, style.width, '  '));
  lines.push(wrap(phaseTimes(run), style.width, '  '));
  const waits = sparedWaits(run.cells);
  if (waits !== '') lines.push(wrap(waits, style.width, '  '));
  const { demands } = run.summary;
  if (demands) lines.push(demandsText(demands, run.cells, style));
  return lines.join('\n');
}

/** Says that cells were not tried. */
export function cutShortInWords(missing: readonly string[], names?: Names): string {
  return `CUT SHORT: ${missing.length} planned ${missing.length === 1 ? 'cell was' : 'cells were'} not tried. The first of them is ${idCalled(missing[0] ?? '', names)}.`;
}

/** Says that a scenario was not tried, and why. */
export function skippedInWords({ name, reason }: SkippedScenario): string {
  return `SKIPPED: ${name}. This kernel cannot stage it: ${reason}`;
}

/** How long a run's phases took, in words. */
export function phaseTimes({ summary: { phases, ms } }: RunResult): string {
  return `up ${duration(phases.up)}, cells ${duration(phases.cells)}, down ${duration(phases.down)}, total ${duration(ms)}`;
}

/** The number of cells and their results, in words. */
export function counts(run: RunResult): string {
  const { cells } = run;
  const skipped = run.summary.skipped.length;
  const missing = run.summary.missing?.length ?? 0;
  const total = [
    missing > 0
      ? `${cells.length} of ${cells.length + missing} cells`
      : `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`,
    ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? 'scenario' : 'scenarios'} skipped`] : []),
  ].join(', ');
  const differing = cells.filter((cell) => cell.asExpected === false).length;
  const expected = cells.filter((cell) => cell.expected !== null).length;
  const undecided = cells.filter((cell) => reachOf(cell) === '?').length;
  if (run.summary.void !== null && differing === 0) return `${total}, none of which counts`;
  if (expected > 0) {
    if (differing > 0) return `${total}, ${differing} not as expected`;
    return expected === cells.length
      ? `${total}, all ${missing > 0 ? 'of these ' : ''}as expected`
      : `${total}: ${expected} as expected, ${cells.length - expected} without an expectation`;
  }
  const uploaded = cells.filter((cell) => reachOf(cell) === 'up').length;
  return [
    total,
    `${uploaded} uploaded`,
    `${cells.length - uploaded - undecided} blocked`,
    ...(undecided > 0 ? [`${undecided} inconclusive`] : []),
  ].join(', ');
}
