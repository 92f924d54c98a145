import { LabError } from '../errors.ts';
import type { MeasureOptions } from './measure.ts';

/**
 * How long nothing may come of the probes, in milliseconds: a pass takes a third of a second on one core, and under 20,000
 * rules ten.
 */
const usualPatienceMs = 300_000;

/**
 * Measures as long as something comes of it. Throws LabError `exposure-stands-still` where no pass was done for too long,
 * however many there are; the measurement is then told to end by its signal, and nobody waits for it.
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
        `Measuring the exposure of ${ruleSet} stands still: nothing came of it for ${patienceMs / 1000} s, ${passes}`,
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
