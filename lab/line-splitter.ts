import { StringDecoder } from 'node:string_decoder';

/** Cuts UTF-8 into lines, without their `\n` or `\r\n`. `end` hands out a last line that has no newline. */
export function lineSplitter(onLine: (line: string) => void): { feed(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const line = (text: string) => onLine(text.endsWith('\r') ? text.slice(0, -1) : text);
  return {
    feed(chunk) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) line(part);
    },
    end() {
      rest += decoder.end();
      if (rest !== '') line(rest);
      rest = '';
    },
  };
}
