import { describe, expect, it } from 'vitest';
import { demultiplexer } from '../../../lab/engine/docker/multiplexed.ts';
import { lineSplitter } from '../../../lab/line-splitter.ts';

function frame(channel: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(channel, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

const stream = Buffer.concat([
  frame(1, 'one\ntw'),
  frame(2, 'oops\n'),
  frame(1, ''),
  frame(1, 'o\nthr\u00e9e'),
]);

describe('demultiplexer', () => {
  it.each([1, 2, 3, 7, 8, 9, 1000])('reads frames cut into pieces of %i bytes', (size) => {
    const seen = { stdout: '', stderr: '' };
    const feed = demultiplexer((channel, payload) => {
      seen[channel] += payload.toString('latin1');
    });
    for (let at = 0; at < stream.length; at += size) feed(stream.subarray(at, at + size));
    expect(seen).toEqual({
      stdout: Buffer.from('one\ntwo\nthr\u00e9e').toString('latin1'),
      stderr: 'oops\n',
    });
  });

  it('does not take a terminal for frames', () => {
    expect(() => demultiplexer(() => {})(Buffer.from('root@host:/# '))).toThrowError(/channel 114/);
  });

  it('reads a hundred thousand small frames at once', () => {
    let bytes = 0;
    const many = Buffer.concat(Array.from({ length: 100_000 }, () => frame(1, 'x')));
    demultiplexer((_channel, payload) => {
      bytes += payload.length;
    })(many);
    expect(bytes).toBe(100_000);
  });
});

describe('lineSplitter', () => {
  it.each<[string, string[], string[]]>([
    ['whole lines', ['a\nb\n'], ['a', 'b']],
    ['a line in pieces', ['a', 'b', 'c\n'], ['abc']],
    ['CR LF', ['a\r\nb\r', '\n'], ['a', 'b']],
    ['empty lines', ['\n\n'], ['', '']],
    ['a last line without newline', ['a\nb'], ['a', 'b']],
    ['nothing', [], []],
  ])('%s', (_what, chunks, lines) => {
    const seen: string[] = [];
    const splitter = lineSplitter((line) => seen.push(line));
    for (const chunk of chunks) splitter.feed(Buffer.from(chunk));
    splitter.end();
    expect(seen).toEqual(lines);
  });

  it('joins a character that was cut in two', () => {
    const seen: string[] = [];
    const splitter = lineSplitter((line) => seen.push(line));
    const bytes = Buffer.from('caf\u00e9\n');
    splitter.feed(bytes.subarray(0, 4));
    splitter.feed(bytes.subarray(4));
    expect(seen).toEqual(['caf\u00e9']);
  });
});
