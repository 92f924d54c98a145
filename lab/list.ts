/** `a`, `a and b`, `a, b and c`; with more than `most` words the first of them: `a, b and 7 more`. */
export function list(words: readonly string[], most = words.length): string {
  if (words.length > most) return list(firstOf(words, most, (more) => `${more} more`));
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The texts if they are `most` at most, or else the first of them and a last one that counts the others. */
export function firstOf(texts: readonly string[], most: number, rest: (more: string) => string): string[] {
  const more = texts.length - most;
  return [...texts.slice(0, most), ...(more > 0 ? [rest(more.toLocaleString('en'))] : [])];
}

/** The first word that occurs twice; `undefined` if each is there once. */
export function firstRepeated(words: readonly string[]): string | undefined {
  return words.find((word, at) => words.indexOf(word) !== at);
}
