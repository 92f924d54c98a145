/*
 * The arrows of a ladder.
 */

/** What a rung says beside its arrow, at one of the columns. */
export interface Note {
  readonly column: number;
  readonly text: string;
  readonly tone: 'allow' | 'deny' | 'plain';
}

/** One arrow: an FTP line, or a packet of a connection. */
export interface Rung {
  /** From the attempt's start. */
  readonly ms: number;
  readonly kind: 'line' | 'packet';
  /** Which connection it is of. */
  readonly purpose: 'control' | 'data';
  readonly text: string;
  /** Columns. `to` is where it was bound for, `end` where it came to. */
  readonly from: number;
  readonly to: number;
  readonly end: number;
  /** `stopped`: it ends at a firewall. `unanswered`: nobody is known to have got it. */
  readonly outcome: 'arrived' | 'stopped' | 'unanswered';
  readonly notes: readonly Note[];
  /** How often, where the same came again. */
  readonly times: number;
}

/** A rung, and where it belongs in the order of things. */
export interface Placed extends Rung {
  readonly place: number;
}
