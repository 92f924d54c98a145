import { marked } from 'marked';
import { escapeMarkup } from '../svg/markup.ts';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #ccc; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
code { font: 0.875em ui-monospace, monospace; }
pre { background: #f5f5f5; border: 1px solid #ddd; padding: 0.75rem; overflow-x: auto; }
@media print { body { margin: 0; max-width: none; } pre { white-space: pre-wrap; } }`;

/** A Markdown document as one self-contained HTML page: no script, font or image from elsewhere. */
export function markdownPage(title: string, markdown: string): string {
  const body = marked.parse(markdown, { async: false, gfm: true });
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
