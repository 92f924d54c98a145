/** A word in single quotes, as a POSIX shell takes it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word quoted for the shell if it needs that. */
export function shellWord(text: string): string {
  return /^[\w./=:,@+-]+$/.test(text) ? text : shellQuoted(text);
}
