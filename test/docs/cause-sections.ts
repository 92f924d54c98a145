import { readFileSync } from 'node:fs';

/** The sections of docs/causes.md by cause. */
export function causeSections(): Map<string, string> {
  const text = readFileSync(new URL('../../docs/causes.md', import.meta.url), 'utf8');
  const [, ...sections] = text.split(/^## /m);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]));
}

/** What a section says that users see: the texts in backticks after "Seen", up to the next point. */
export function seenTexts(section: string): string[] {
  const seen = /^- Seen: ([\s\S]*?)^- /m.exec(section)?.[1] ?? '';
  return [...seen.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}
