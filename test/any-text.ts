import { type Arbitrary, integer, string } from 'fast-check';

/** Any character, half of a surrogate pair included. fast-check's own `binary` first makes a table of all of them: a second. */
const anyCharacter = integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/** Any text of at most so many characters. */
export function anyText(maxLength: number): Arbitrary<string> {
  return string({ unit: anyCharacter, maxLength });
}
