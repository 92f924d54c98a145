/** A word in single quotes, as a POSIX shell takes it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
