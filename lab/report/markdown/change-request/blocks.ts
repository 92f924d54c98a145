/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (entries: readonly string[]) =>
    `| ${entries.map((entry) => entry.replaceAll('|', '&#124;')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** Escapes a sentence so that Markdown and HTML show it as plain text. */
export function prose(text: string): string {
  return text.replaceAll('&', '&amp;').replace(/[\\`*[\]<|]/g, '\\$&');
}

/** A code block; the fence is longer than any run of backticks in it (CommonMark, "Fenced code blocks"). */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n*$/, '\n')}${fence}`;
}

/** Numbered steps. What follows a step, such as a code block, is indented so that it belongs to it. */
export function numbered(steps: readonly string[]): string {
  return steps.map((step, index) => `${index + 1}. ${step.replaceAll('\n', '\n   ')}`).join('\n');
}

/** A bulleted list. */
export function bullets(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n');
}
