import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readEngineOutput } from '../../../../lab/engine/docker/images/engine-output.ts';

const message = (of: object) => `${JSON.stringify(of)}\n`;

it('reads lines, and the failure that comes last', async () => {
  const text = message({ stream: 'Step 1\n' }) + message({ error: 'no space left on device' });
  const cut = [text.slice(0, 9), text.slice(9)];
  expect(await readEngineOutput(Readable.from(cut))).toEqual({
    lines: ['Step 1'],
    error: 'no space left on device',
  });
});

it('gives up on an engine that goes silent', async () => {
  const output = new Readable({ read: () => undefined });
  output.push(message({ status: 'Pulling' }));
  expect(await readEngineOutput(output, undefined, 50)).toEqual({
    lines: ['Pulling'],
    error: 'the engine has said nothing for 0.05 s',
  });
  expect(output.destroyed).toBe(true);
});

it.each([
  ['one line', 'x'.repeat(2 ** 20)],
  ['messages', message({ stream: 'x'.repeat(2 ** 20) })],
])('gives up on an output without end: %s', async (_what, piece) => {
  const output = new Readable({ read: () => output.push(piece) });
  const { error } = await readEngineOutput(output);
  expect(error).toBe('its output does not end: more than 64 MiB came');
});

it.each(['<html>\n', '[1, \n', 'null\n'])('gives up on what is no message: %j', async (text) => {
  const { error } = await readEngineOutput(Readable.from([text]));
  expect(error).toBe('what answers does not speak the Docker Engine API');
});

it('throws if the connection breaks', async () => {
  const output = new Readable({ read: () => undefined });
  setTimeout(() => output.destroy(new Error('socket hang up')), 10);
  await expect(readEngineOutput(output)).rejects.toThrow('socket hang up');
});
