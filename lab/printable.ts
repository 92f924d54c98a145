/**
 * What a terminal, an editor or a browser takes for an order rather than for text: C0 and C1 control characters but tab and
 * line feed (ECMA-48), DEL, marks that turn or hide text (Unicode's Bidi_Control, zero width, line and paragraph
 * separator), and halves of surrogate pairs. A carriage return before a line feed is part of the line's end.
 */
const orders =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** The colours of reports: SGR sequences of the kinds that picocolors writes (ECMA-48 section 8.3.117). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const colors = /(\u001b\[(?:[0-479]|2[1-9]|3[0-79]|4[0-79]|9[0-7])m)/;

/**
 * A text from outside as a person may see it: what would be taken for an order is spelled out, as `\u001b`. That is JSON's
 * own spelling too, so that a JSON document remains the same document.
 */
export function printable(text: string): string {
  return plain.test(text) ? text : spelledOut(text);
}

/** Text of which most is: what no order can be in. Told much sooner than each order. */
const plain = /^[\n\t -~]*$/;

function spelledOut(text: string): string {
  return text.replace(orders, (order) => `\\u${order.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As {@link printable}, with the colours of a report left in. */
export function printableInColor(text: string): string {
  return text
    .split(colors)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}

/** As {@link printable}, every text in a value of plain data, names of fields included. */
export function printableData<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  // Nearly all data are printable already, and need not be copied.
  if (typeof value !== 'object' || value === null || isPlain(value)) return value;
  if (Array.isArray(value)) return value.map(printableData) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [printable(name), printableData(field)]),
  ) as T;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return plain.test(value);
  if (typeof value !== 'object' || value === null) return true;
  for (const name in value)
    if (!plain.test(name) || !isPlain(value[name as keyof typeof value])) return false;
  return true;
}
