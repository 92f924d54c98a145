import { LabError } from '../errors.ts';
import type { MeasureOptions } from './measure.ts';

/**
 * How long no pass may finish, in milliseconds: one pass takes a third of a second on one core, and ten seconds under
 * 20,000 rules.
 */
const usualPatienceMs = 300_000;

/**
 * Runs a measurement as long as it makes progress. Throws LabError `exposure-stands-still` if no pass finished for too
 * long, however many there are. The measurement is then aborted through its signal and not awaited.
 */
export async function unlessItStandsStill<Result>(
  ruleSet: string,
  measure: (options: MeasureOptions) => Promise<Result>,
  { progress, signal }: MeasureOptions = {},
  patienceMs = usualPatienceMs,
): Promise<Result> {
  const given = new AbortController();
  const signals = [given.signal, ...(signal ? [signal] : [])];
  let passes = 'before the first pass was done';
  let timer: NodeJS.Timeout | undefined;
  const still = new Promise<never>((_resolve, reject) => {
    const giveUp = () => {
      const error = new LabError(
        'environment',
        'exposure-stands-still',
        `Measuring the exposure of ${ruleSet} timed out: no progress for ${patienceMs / 1000} s, ${passes}`,
        'The machine may be too busy; "ftplab status" shows the lab, "ftplab up" repairs it.',
      );
      given.abort(error);
      reject(error);
    };
    timer = setTimeout(giveUp, patienceMs);
  });
  const heard = (done: number, of: number) => {
    timer?.refresh();
    passes = `after ${done} of ${of} passes`;
    progress?.(done, of);
  };
  try {
    return await Promise.race([measure({ progress: heard, signal: AbortSignal.any(signals) }), still]);
  } finally {
    clearTimeout(timer);
  }
}
