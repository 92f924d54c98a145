import type { CellResult } from './cell.ts';
import type { Shard } from './shard.ts';

/** What a run came to; also the document that `--json` writes. Times in milliseconds. */
export interface RunResult {
  readonly version: 1;
  readonly cells: readonly CellResult[];
  readonly summary: {
    readonly cells: number;
    /** Cells whose verdict was the expected one; cells without an expectation count neither way. */
    readonly asExpected: number;
    readonly ms: number;
    /** Why no verdict of this run counts (a control failed), or `null`. */
    readonly void: string | null;
    /** Which part of a run this is, where it is not whole. */
    readonly shard?: Shard;
    /** Time per phase: bringing the lab up, the cells, taking it down. */
    readonly phases: { readonly up: number; readonly cells: number; readonly down: number };
  };
}
