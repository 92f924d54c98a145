import { type Cause, causes } from '../model/cause.ts';

/** The sections of docs/causes.md by cause, each without its heading. `page` is the text of that file. */
export function causeSections(page: string): Map<Cause, string> {
  const [, ...sections] = page.split(/^## /m);
  const byTitle = new Map(
    sections.map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return [title, lines.join('\n').trim()];
    }),
  );
  return new Map(causes.flatMap((cause) => (byTitle.has(cause) ? [[cause, byTitle.get(cause) ?? '']] : [])));
}
