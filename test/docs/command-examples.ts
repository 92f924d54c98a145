import { readdirSync, readFileSync } from 'node:fs';

/** A command line that a page shows in a code block, and what it is shown to print: after a `$`, the lines that follow. */
export interface CommandExample {
  readonly page: string;
  readonly line: string;
  readonly args: readonly string[];
  readonly output: string;
}

const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The examples of all pages; a command line that stands in several places is there once for each. */
export const commandExamples: readonly CommandExample[] = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    examplesIn(page, block.replaceAll(/\\\n\s*/g, '')),
  ),
);

function examplesIn(page: string, block: string): CommandExample[] {
  const found: { page: string; line: string; args: string[]; output: string }[] = [];
  let shows = false;
  for (const line of block.split('\n')) {
    const [, prompt, command] = /^(\$ )?(?:npx )?ftplab (.*?)(?:\s+#.*)?$/.exec(line) ?? [];
    const last = found.at(-1);
    if (command !== undefined) {
      found.push({ page, line: `ftplab ${command}`, args: command.split(/\s+/), output: '' });
      shows = prompt !== undefined;
    } else if (last && shows) last.output += `${line}\n`;
  }
  return found;
}

/** What a shown output has to match, however its lines are broken; `...` stands for anything. */
export function shownAs(output: string): RegExp {
  const parts = squeezed(output).split('...');
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*?'));
}

/** Text with all white space alike. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
