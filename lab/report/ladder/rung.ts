/*
 * The arrows of a ladder.
 */

/** A text beside an arrow, at one of the columns. */
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
  /** The connection that it belongs to. */
  readonly purpose: 'control' | 'data';
  readonly text: string;
  /** Column numbers. `to` is its destination, `end` is how far it got. */
  readonly from: number;
  readonly to: number;
  readonly end: number;
  /** `stopped`: a firewall stopped it. `unanswered`: no host is known to have received it. */
  readonly outcome: 'arrived' | 'stopped' | 'unanswered';
  readonly notes: readonly Note[];
  /** How many times the same rung occurred. */
  readonly times: number;
}

/** A rung with its place in the order of events. */
export interface Placed extends Rung {
  readonly place: number;
}
