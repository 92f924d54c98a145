/* How changes of rules are ranked. */

/** What a change of rules comes to, in numbers; less is better. */
export interface Worth {
  /** Needed uploads that do not work. */
  readonly unmet: number;
  /** What worked, or was let through, and is not any more. */
  readonly lost: number;
  /** Holes to a host that did not ask, which an FTP filter opens on request. */
  readonly bounces: number;
  /** Ports that were closed, over all ways from host to host. */
  readonly opened: number;
  /** All holes that an FTP filter opens on request and nobody needs. */
  readonly holes: number;
  /** Lines that it changes. */
  readonly lines: number;
}

const order = [
  'unmet',
  'lost',
  'bounces',
  'opened',
  'holes',
  'lines',
] as const satisfies readonly (keyof Worth)[];

/** Better first: what meets the need, then what loses nothing, then what nobody bounces off, then what opens least, then what is shortest. */
export function inOrderOfWorth(one: Worth, other: Worth): number {
  return order.map((what) => one[what] - other[what]).find((difference) => difference !== 0) ?? 0;
}
