import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { unlessItStandsStill } from '../../lab/exposure/standstill.ts';

const never = () => new Promise<never>(() => undefined);

it('gives up a measurement without progress, and says how far it got', async () => {
  let signal: AbortSignal | undefined;
  const measuring = unlessItStandsStill(
    'mine',
    (options) => {
      signal = options.signal;
      options.progress?.(3, 42);
      return never();
    },
    {},
    20,
  );
  await expect(measuring).rejects.toMatchObject({
    kind: 'environment',
    code: 'exposure-stands-still',
    message: expect.stringMatching(
      /^Measuring the exposure of mine timed out: no progress for .*, after 3 of 42 passes$/,
    ),
  });
  expect(signal?.aborted).toBe(true);
});

it('waits for one that makes progress, however long it takes, and returns its result', async () => {
  const heard: number[] = [];
  const measuring = unlessItStandsStill(
    'mine',
    async ({ progress }) => {
      for (let done = 1; done <= 8; done++) {
        await delay(100);
        progress?.(done, 8);
      }
      return 'measured';
    },
    { progress: (done) => heard.push(done) },
    400,
  );
  expect(await measuring).toBe('measured');
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it("ends with its caller's reason", async () => {
  const caller = new AbortController();
  const measuring = unlessItStandsStill(
    'mine',
    ({ signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    { signal: caller.signal },
  );
  caller.abort(new Error('enough'));
  await expect(measuring).rejects.toThrow('enough');
});
