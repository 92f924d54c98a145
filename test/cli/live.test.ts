import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { Live } from '../../lab/cli/live.ts';
import { Output } from '../../lab/cli/output.ts';

function stream(terminal?: { columns: number; rows: number }): NodeJS.WriteStream {
  return Object.assign(
    new PassThrough(),
    terminal ? { isTTY: true, ...terminal } : {},
  ) as unknown as NodeJS.WriteStream;
}
const written = (from: NodeJS.WriteStream) => String((from as unknown as PassThrough).read() ?? '');
const upAndErase = new RegExp(`${'\u001b'}\\[(\\d*A|2K|1A|J)`);

it('draws below the lines, makes room for them, and leaves nothing', async () => {
  const err = stream({ columns: 80, rows: 24 });
  const output = new Output(stream(), err, { NO_COLOR: '1' });
  {
    using live = await Live.on(output);
    live.show(({ width, color }, rows) => `width ${width} color ${color} rows ${rows}`);
    expect(stripVTControlCharacters(written(err))).toContain('width 80 color false rows 23');
    output.message('a line');
    const text = written(err);
    expect(text.slice(0, text.indexOf('a line'))).toMatch(upAndErase);
    live.waitFor('Building');
    expect(stripVTControlCharacters(written(err))).toMatch(/Building \.\.\. 0\.\d s/);
  }
  expect(stripVTControlCharacters(written(err)).trim()).toBe('');
  output.message('afterwards');
  expect(written(err)).toBe('afterwards\n');
});

it('writes nothing if there is no terminal', async () => {
  const err = stream();
  {
    using live = await Live.on(new Output(stream(), err, {}));
    live.waitFor('Building');
  }
  expect(written(err)).toBe('');
});
