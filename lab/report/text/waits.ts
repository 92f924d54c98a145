import { duration } from '../../duration.ts';
import type { CellResult } from '../../model/cell.ts';
import { ownWait, wasCutShort } from '../../model/patience.ts';

/** How much longer the client of a cut-short step would have waited by itself, in milliseconds; 0 if that is not known. */
function spared(cell: CellResult): number {
  const wait = ownWait(cell.driver, cell.mode);
  if (wait === undefined || cell.verdict.cause !== 'data-dropped') return 0;
  const cut = cell.steps.filter((step) => wasCutShort(step) && step.name !== 'connect');
  return cut.reduce((sum, { ms }) => sum + Math.max(0, wait * 1000 - ms), 0);
}

/** How much longer the clients would have waited by themselves, in words; '' if no wait was cut short. */
export function sparedWaits(cells: readonly CellResult[]): string {
  const ms = cells.reduce((sum, cell) => sum + spared(cell), 0);
  return ms === 0
    ? ''
    : `The lab cut waits short; by themselves, the clients would have waited ${longDuration(ms)} longer.`;
}

/** How long a cell's client waits by itself for the dropped data connection; '' if that is not known. */
export function ownWaitOf({ driver, mode, verdict, steps }: CellResult): string {
  const wait = ownWait(driver, mode);
  const step = steps.find(({ name }) => name === verdict.failedAt);
  if (wait === undefined || verdict.cause !== 'data-dropped' || !step || !wasCutShort(step)) return '';
  const ended = `The lab cut the wait short after ${step.ms < 1000 ? `${Math.round(step.ms)} ms` : duration(step.ms)}, because the trace showed that no reply can come`;
  return `By itself, ${driver} waits ${longDuration(wait * 1000)} for this data connection. ${ended}.`;
}

/** At most two units: `1 h 12 min`, `4 min 30 s`, `30 s`. */
function longDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${seconds} s`;
}
