import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lossWatch } from '../../../lab/agent/tracer/loss-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Packets that came at the given times, in milliseconds from now, and have not left; one may be lost after 20. */
function packetsOf(came: number[]) {
  const start = Date.now();
  const ages = () => came.map((at) => Date.now() - start - at).filter((age) => age >= 0);
  return {
    get idle() {
      return ages().length === 0;
    },
    get waiting() {
      return ages().some((age) => age > 20);
    },
  };
}

it('asks after a packet that came while it was waiting for another one', () => {
  const came = [0];
  const put = vi.fn();
  const look = lossWatch(packetsOf(came), put, 25);
  look();
  vi.advanceTimersByTime(10);
  // The first one leaves; no line comes after that of the second one.
  came.splice(0, 1, 10);
  look();
  vi.advanceTimersByTime(15);
  expect(put).not.toHaveBeenCalled();
  vi.advanceTimersByTime(25);
  expect(put).toHaveBeenCalledTimes(1);
});

it('asks nothing once every packet has left', () => {
  const came = [0];
  const put = vi.fn();
  const look = lossWatch(packetsOf(came), put, 25);
  look();
  came.pop();
  vi.advanceTimersByTime(1000);
  expect(put).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
