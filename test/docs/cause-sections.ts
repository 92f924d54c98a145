import { causesPage } from '../../lab/own-files.ts';
import { causeSections as sectionsOf } from '../../lab/report/cause-sections.ts';

/** The sections of docs/causes.md by cause. */
export function causeSections(): Map<string, string> {
  return sectionsOf(causesPage());
}

/** What a section says that users see: the texts in backticks after "Seen", up to the next point. */
export function seenTexts(section: string): string[] {
  const seen = /^- Seen: ([\s\S]*?)^- /m.exec(section)?.[1] ?? '';
  return [...seen.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}
