/** Milliseconds as people read them: `1.3 s`. */
export function duration(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
