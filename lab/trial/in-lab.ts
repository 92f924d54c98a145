import { duration } from '../duration.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { Lab } from './lab.ts';
import type { LabOptions } from './start-lab.ts';

/** Which lab a use case works in, and who is told about its progress. */
export interface Conditions extends LabOptions {
  /** The lab is up, at these addresses. */
  readonly onUp?: (plan: AddressPlan) => void;
  /**
   * Gets the error of a lab that could not be taken down after its work was done. Default: the error is thrown instead
   * of the result.
   */
  readonly onNotRemoved?: (error: unknown) => void;
}

/** How long each part took, in milliseconds. */
export interface Phases {
  readonly up: number;
  readonly work: number;
  readonly down: number;
}

/**
 * Brings the lab up, does the work, and takes the lab down unless it was up before or should be
 * kept. Throws the LabErrors of `startLab`, what the work throws, or the signal's reason as soon as it aborts.
 */
export async function inLab<Result>(
  { onUp, onNotRemoved, ...options }: Conditions,
  work: (lab: Lab) => Promise<Result>,
): Promise<{ readonly result: Result; readonly phases: Phases }> {
  const began = performance.now();
  // Loaded late: an engine's libraries take longer to load than everything else.
  const { startLab } = await import('./start-lab.ts');
  const lab = await startLab(options);
  const up = performance.now();
  options.progress?.(`The lab is up (${duration(up - began)})`);
  let done: { readonly result: Result; readonly at: number } | undefined;
  try {
    await using _lab = lab;
    onUp?.(lab.plan);
    const result = await untilAborted(work(lab), options.signal);
    done = { result, at: performance.now() };
  } catch (error) {
    if (!done || !onNotRemoved) throw error;
    onNotRemoved(error);
  }
  const { result, at } = done;
  return { result, phases: { up: up - began, work: at - up, down: performance.now() - at } };
}

/** The work, unless the signal aborts first; an attempt that waits for the network is not awaited. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([work, aborted]);
}
