import type { Step, TranscriptLine } from '../../model/attempt.ts';
import type { CellResult } from '../../model/cell.ts';
import type { ConnectionPacket } from '../../model/evidence.ts';
import type { Exposure } from '../../model/exposure.ts';
import type { Names } from '../../model/names.ts';
import type { RunResult, Setting } from '../../model/run-result.ts';
import type { NetworkDefinition } from '../../network/definition.ts';
import { type Ladder, ladderOf } from '../ladder/ladder.ts';
import { reachMeaning, reachOf } from '../reach.ts';
import { decidingPacket } from '../text/explanation.ts';

/*
 * The data that the page's own script reads, embedded in the page as JSON. One part has what the matrix, the filters
 * and the comparison need; the other has each cell's details and is only parsed when the first cell is opened.
 */

/** A cell with the words that the matrix shows for it. */
export interface PageCell extends Omit<CellResult, 'evidence' | 'steps'> {
  /** How far the client got: the matrix's word, and what it means. */
  readonly reach: string;
  readonly meaning: string;
}

export interface PageData {
  readonly cells: readonly PageCell[];
  readonly setting: Setting | null;
  readonly exposures: readonly Exposure[];
  /** What hosts are called. */
  readonly names: Names;
  /** The network, if it is not the one of the original report. */
  readonly network: NetworkDefinition | null;
}

export function pageData({ cells, setting, exposures = [], names = {}, network }: RunResult): PageData {
  return {
    cells: cells.map(({ evidence: _evidence, steps: _steps, ...cell }, index) => {
      const reach = reachOf(cells[index] as CellResult);
      return { ...cell, reach, meaning: reachMeaning[reach] };
    }),
    setting: setting ?? null,
    exposures,
    names,
    network: network ?? null,
  };
}

/** What happened in one attempt. Without evidence, only the steps are known. */
export interface CellDetails {
  readonly steps: readonly Step[];
  readonly ladder: Ladder | null;
  readonly transcript: readonly TranscriptLine[];
  /** The packet that the verdict names, and the rules that it met on the firewall that refused it. */
  readonly refused: ConnectionPacket | null;
}

export function detailsOf(cell: CellResult, names: Names | undefined): CellDetails {
  const { steps, evidence } = cell;
  if (!evidence) return { steps, ladder: null, transcript: [], refused: null };
  return {
    steps,
    ladder: ladderOf({ ...cell, evidence }, names),
    transcript: evidence.transcript,
    refused: decidingPacket({ ...cell, evidence })[0] ?? null,
  };
}

/** JSON for a script element: no text in it, not even a rule's comment, can close the element. */
export function embeddedJson(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
