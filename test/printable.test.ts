import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableData, printableInColor } from '../lab/printable.ts';
import { anyText } from './any-text.ts';
import { terminalOrders } from './hostile/acts.ts';

/** What no text of ours may hold; tab and line feed apart. Written by its definition, not as the code has it. */
const order = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Surrogate}\u200b\u2060\ufeff]/u;

const anything = anyText(200);

describe('a text from outside', () => {
  it.each(Object.entries(terminalOrders))('has no order to the terminal left in it: %s', (_name, text) => {
    expect(printable(text)).not.toMatch(order);
    expect(printableInColor(text).replaceAll('\u001b[31m', '')).not.toMatch(order);
  });

  it('has none whatever it is', () => {
    assert(
      property(anything, (text) => {
        expect(printable(text).replace(/\r\n|[\n\t]/g, '')).not.toMatch(order);
      }),
    );
  });

  it('is as it was without any', () => {
    const text = 'Zeichnung für 東京 🚦\tright "quoted" \\ and\nmore\r\n';
    expect(printable(text)).toBe(text);
  });

  it('keeps the colours of a report, and no other sequence', () => {
    expect(printableInColor('\u001b[1mbold\u001b[22m \u001b[2J\u001b[8mhidden')).toBe(
      '\u001b[1mbold\u001b[22m \\u001b[2J\\u001b[8mhidden',
    );
  });

  it('is spelled out in every field of a document, which remains the same document', () => {
    const document = { reply: 'a\u001b[2Jb', list: ['\u202e', 1, null, true], '\u0007': {} };
    expect(printableData(document)).toEqual({
      reply: 'a\\u001b[2Jb',
      list: ['\\u202e', 1, null, true],
      '\\u0007': {},
    });
    const json = JSON.stringify({ text: '\u009b \u202e \u2028' });
    expect(printable(json)).not.toMatch(order);
    expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
  });
});
