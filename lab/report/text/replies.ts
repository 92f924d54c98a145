import type { TranscriptLine } from '../../model/attempt.ts';

/**
 * A transcript with each multi-line reply (RFC 959 section 4.2) as one line: its first line, with the number of lines
 * that follow. The client's lines stay unchanged.
 */
export function replies(transcript: readonly TranscriptLine[]): TranscriptLine[] {
  const kept: TranscriptLine[] = [];
  let open: { readonly code: string; readonly first: TranscriptLine; lines: number } | undefined;
  for (const line of transcript) {
    if (open && line.from === 'server') {
      open.lines++;
      if (!line.text.startsWith(`${open.code} `)) continue;
      const { first, lines } = open;
      kept.push({ ...first, text: `${first.text} (${lines} more ${lines === 1 ? 'line' : 'lines'})` });
      open = undefined;
      continue;
    }
    const [, code] = /^(\d{3})-/.exec(line.text) ?? [];
    if (code && line.from === 'server') open = { code, first: line, lines: 0 };
    else kept.push(line);
  }
  return open ? [...kept, open.first] : kept;
}
