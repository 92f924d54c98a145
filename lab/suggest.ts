/** The candidates that a mistyped word may have meant, best first, three at most. Letter case does not count. */
export function suggest(word: string, candidates: readonly string[]): string[] {
  const typed = word.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceTo(typed, candidate.toLowerCase()) }))
    .filter(({ distance, candidate }) => distance <= Math.max(1, Math.floor(candidate.length * 0.4)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `Did you mean "a" or "b"?`, or, without a likely candidate, `There are: a, b, c.` */
export function suggestionFor(word: string, candidates: readonly string[]): string {
  const meant = suggest(word, candidates).map((candidate) => `"${candidate}"`);
  return meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `There are: ${candidates.join(', ')}.`;
}

/** Edits from one word to the other (Damerau-Levenshtein, adjacent swaps as one); a part of the other counts as one. */
function distanceTo(typed: string, candidate: string): number {
  if (typed.length > 2 && candidate.includes(typed)) return 1;
  const rows: number[][] = [Array.from({ length: candidate.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= candidate.length; j++) {
      const same = typed[i - 1] === candidate[j - 1];
      const swapped =
        i > 1 && j > 1 && typed[i - 1] === candidate[j - 2] && typed[i - 2] === candidate[j - 1];
      row.push(
        Math.min(
          (rows[i - 1]?.[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (rows[i - 1]?.[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return rows[typed.length]?.[candidate.length] ?? 0;
}
