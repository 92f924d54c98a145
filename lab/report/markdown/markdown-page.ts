import { Marked } from 'marked';
import { escapeMarkup } from '../svg/markup.ts';

const style = `
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #ccc; --block: #f5f5f5; --new: #116329; --newback: #dafbe1; --gone: #a40e26; --goneback: #ffebe9; --faint: #59636e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181c; --line: #4a4f57; --block: #22262c; --new: #7ee787; --newback: #12301c; --gone: #ffa198; --goneback: #431c1f; --faint: #a5aeb8; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; overflow-wrap: normal; }
td:only-child, tr:not(:has(th:not(:empty))) th { border: 0; }
code { font: 0.875em ui-monospace, monospace; }
pre { background: var(--block); border: 1px solid var(--line); padding: 0.75rem; white-space: pre-wrap; }
pre span { display: block; padding-left: 4ch; text-indent: -4ch; min-height: 1.5em; }
pre i { font-style: normal; white-space: nowrap; }
.new { color: var(--new); background: var(--newback); }
.gone { color: var(--gone); background: var(--goneback); }
.place { color: var(--faint); }
@media (max-width: 40rem) { table { font-size: 0.8rem; } th, td { padding: 0.15rem 0.3rem; } }
@page { size: A4; margin: 18mm 16mm; }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #999; --block: #fff; --new: #000; --newback: #e6e6e6; --gone: #000; --goneback: #fff; --faint: #333; }
  body { margin: 0; max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; } tr, pre span, li { break-inside: avoid; } .gone { text-decoration: line-through; } }`;

const marked = new Marked({
  async: false,
  gfm: true,
  renderer: {
    code: ({ text, lang }) =>
      `<pre><code${lang ? ` class="language-${escapeMarkup(lang)}"` : ''}>${linesOf(text, lang === 'diff')}</code></pre>\n`,
  },
});

/** Each line by itself, so that a long one is broken with an indent; in a diff it says what it does by colour too. */
function linesOf(text: string, isDiff: boolean): string {
  const kind = (line: string) => {
    if (/^(?:@@|---|\+\+\+)/.test(line)) return ' class="place"';
    if (line.startsWith('+')) return ' class="new"';
    return line.startsWith('-') ? ' class="gone"' : '';
  };
  return text
    .split('\n')
    .map((line) => `<span${isDiff ? kind(line) : ''}>${line.split(' ').map(wordOf).join(' ')}</span>`)
    .join('');
}

/** An option is not broken at its hyphens. */
function wordOf(word: string): string {
  const text = escapeMarkup(word);
  return word.includes('-') && word.length <= 30 ? `<i>${text}</i>` : text;
}

/** A Markdown document as one self-contained HTML page: no script, font or image from elsewhere. */
export function markdownPage(title: string, markdown: string): string {
  const body = marked.parse(markdown);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${style}
</style>
</head>
<body>
${body}</body>
</html>
`;
}
