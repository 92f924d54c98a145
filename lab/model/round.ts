import type { LabError } from '../errors.ts';
import type { CellResult } from './cell.ts';

interface Ended {
  /** Time from when the save was seen to the last cell, in milliseconds. */
  readonly ms: number;
  readonly at: Date;
}

/** A save of a watched file whose rules were tried. */
export interface TriedRound extends Ended {
  readonly kind: 'tried';
  readonly cells: readonly CellResult[];
  readonly notes: readonly string[];
}

/** A save of a watched file that does not load. */
export interface RefusedRound extends Ended {
  readonly kind: 'refused';
  readonly error: LabError;
}

/** What one save of a watched file came to. */
export type Round = TriedRound | RefusedRound;
