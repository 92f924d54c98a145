/* Texts put into a file that stays as it is otherwise: each can be taken out again, whatever was put in after it. */

/** A text put into a file. */
export interface Insertion {
  /** Where, in the file as it was found. */
  readonly at: number;
  readonly text: string;
}

/** The file with the insertions, which are in order; those for one place in their own. */
export function inserted(source: string, insertions: readonly Insertion[]): string {
  let [text, from] = ['', 0];
  for (const { at, text: added } of insertions) {
    text += source.slice(from, at) + added;
    from = at;
  }
  return text + source.slice(from);
}

/**
 * What a place in the text of {@link inserted} was in the file as it was found, and before which insertion it is. A place within an
 * insertion counts as behind it.
 */
export function originOf(
  place: number,
  insertions: readonly Insertion[],
): { readonly at: number; readonly index: number } {
  let shift = 0;
  for (const [index, { at, text }] of insertions.entries()) {
    if (place <= at + shift) return { at: place - shift, index };
    shift += text.length;
    if (place < at + shift) return { at, index: index + 1 };
  }
  return { at: place - shift, index: insertions.length };
}
