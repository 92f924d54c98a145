import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/rule-sets.md', import.meta.url), 'utf8');

/** The TypeScript examples of the author's page, by the file name in their first line. */
export const examples: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/^```ts\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)].map(([, code = '', name = '']) => [name, code]),
);
