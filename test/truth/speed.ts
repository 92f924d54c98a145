/** How long a user waits for the lab's word: 24 cells of a file, as `ftplab try` makes them. */
import type { CellResult } from '../../lab/model/cell.ts';
import { attemptsAcross } from '../../lab/trial/attempts-across.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';
import type { HeldLab } from './held-lab.ts';
import type { Chosen } from './run-corpus.ts';
import { loadEntry } from './try-entry.ts';

/** What 24 cells of a file took. Times in milliseconds. */
export interface Timed {
  readonly name: string;
  readonly cells: number;
  readonly uploaded: number;
  readonly inconclusive: number;
  /** All cells together. */
  readonly ms: number;
  /** The longest time that passed in a cell between the first packet that a firewall kept in the step that decides, and the cell's end. */
  readonly afterDrop: number;
}

/** As many cells as a file for isa-y has: two clients, three servers, four modes. */
const wantedCells = 24;

/** Tries an entry on all cells that cross its firewall. */
export async function timeEntry(held: HeldLab, { entry }: Chosen): Promise<Timed> {
  const lab = await held.get();
  await loadEntry(lab, entry, held.network);
  const across = attemptsAcross({ only: entry.firewall ?? 'isa-y' });
  const wanted = Array.from({ length: wantedCells / across.length }, () => across).flat();
  const begun = performance.now();
  const cells = await attemptAll(
    lab,
    wanted.map((key) => ({ key })),
    { evidence: true },
  );
  return {
    name: entry.name,
    cells: cells.length,
    uploaded: cells.filter(({ verdict }) => verdict.uploaded).length,
    inconclusive: cells.filter(({ verdict }) => verdict.cause === 'inconclusive').length,
    ms: Math.round(performance.now() - begun),
    afterDrop: Math.round(Math.max(0, ...cells.map(afterDrop))),
  };
}

function afterDrop({ verdict, evidence, steps, ms }: CellResult): number {
  if (verdict.failedAt === null || !evidence) return 0;
  const from = evidence.stepStarts[verdict.failedAt] ?? 0;
  const kept = evidence.connections
    .flatMap(({ packets }) => packets)
    .filter(({ fate, ms: at }) => (fate === 'refused' || fate === 'lost') && at >= from - 1)
    .map(({ ms: at }) => at);
  // After a second look the evidence is of that one.
  const last = Math.max(...steps.map((step) => (evidence.stepStarts[step.name] ?? 0) + step.ms));
  return kept.length === 0 ? ms - from : last - Math.min(...kept);
}
