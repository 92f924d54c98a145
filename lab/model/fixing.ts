import type { CellResult } from './cell.ts';
import type { Exposure } from './exposure.ts';

/** Ways to let data connections pass: by the kernel's FTP helper, or by the ports that the server draws from. */
export const fixStrategies = ['helper', 'range'] as const;
export type FixStrategy = (typeof fixStrategies)[number];

/** One way to mend the file, tried. */
export interface TriedPatch {
  readonly strategy: FixStrategy;
  /** The file's text with the patch; `patch` is the difference, as `patch -p0` takes it. */
  readonly text: string;
  readonly patch: string;
  /** How many lines it adds. */
  readonly lines: number;
  /** Every cell that crosses the firewall, under the patched file. */
  readonly cells: readonly CellResult[];
  /** Ids without rule set of needed cells that do not upload, and of cells of which something no longer works. */
  readonly unmet: readonly string[];
  readonly lost: readonly string[];
  /** `null` for a patch that does not meet the need: it was not measured. */
  readonly exposure: Exposure | null;
  /** Ports that the patch opens, added up over all ways from host to host. */
  readonly opened: number;
}

/** What mending a file came to. */
export interface Fixing {
  readonly before: { readonly cells: readonly CellResult[]; readonly exposure: Exposure | null };
  /** Needed cells by their ids without rule set. */
  readonly need: readonly string[];
  /** Those that meet the need and lose nothing first, of these those that open least, of these the shortest. */
  readonly patches: readonly TriedPatch[];
  /** Milliseconds. */
  readonly ms: number;
}
