import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TraceWatch } from '../../lab/attempt/trace-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('waits no longer than it may for a tracer whose agent goes meanwhile', async () => {
  const put = vi.fn(() => Promise.reject(new Error('the lab closed it')));
  const begun = new TraceWatch().begins('vsftpd', put);
  await vi.advanceTimersByTimeAsync(60_000);
  // A rejection that nobody handles would fail the run.
  expect(await begun).toBe(false);
  expect(put).toHaveBeenCalledTimes(1);
});

it('tells all who wait that a trace has ended, and leaves no rejection to nobody', async () => {
  const watch = new TraceWatch();
  watch.end('isa-y');
  const gone = () => Promise.reject(new Error('the lab closed it'));
  const both = () => Promise.all((['y-workstation', 'isa-y'] as const).map((at) => watch.upToDate(at, gone)));
  // If the second threw at once, nobody would hear of the first.
  await expect(both()).rejects.toThrow();
});
