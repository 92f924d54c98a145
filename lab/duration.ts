/** Milliseconds as people read them: `1.3 s`. */
export function duration(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Milliseconds to a tenth, as results carry them. */
export function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
